@testable import Engine
import Testing

@Suite struct `A circuit breaker` {
    static let horizon = Duration.seconds(1)

    /// Fails so many calls in a row, a second apart, from that time on.
    static func fail(_ circuit: inout CircuitBreaker, _ count: Int, from now: Double = 100_000) -> [Bool] {
        (0..<count).map { index in
            circuit.failed(
                .suspected, because: "away", startedAt: now + Double(index) * 1000, hasAnswered: false,
                at: now + Double(index) * 1000 + 10, jitter: { $0 })
        }
    }

    @Test func `opens at the fifth failure in a row, of which only the first is the call's own`() {
        var circuit = CircuitBreaker()

        let blamed = Self.fail(&circuit, 4)

        #expect(blamed == [false, true, true, true])
        #expect(circuit.state == .closed)
        _ = Self.fail(&circuit, 1, from: 104_000)
        #expect(circuit.state == .open)
        #expect(circuit.retryAt == 106_010)
        #expect(circuit.awaySince == 100_010)
        #expect(circuit.callsMax(at: 104_010) == 0)
    }

    @Test func `stays closed while others are answered, or when failures are minutes apart`() {
        var busy = CircuitBreaker()
        var idle = CircuitBreaker()

        for second in 0..<50 {
            let now = Double(second) * 1000
            let isBlamed = busy.failed(
                .suspected, because: "", startedAt: now, hasAnswered: true, at: now, jitter: { $0 })
            #expect(!isBlamed)
            let isIdleBlamed = Self.fail(&idle, 1, from: 100_000 + Double(second) * 61_000)
            #expect(isIdleBlamed == [false])
        }

        #expect(busy.state == .closed)
        #expect(idle.state == .closed)
    }

    @Test func `opens at once when the account itself is shut, and rests for the longest pause`() {
        var circuit = CircuitBreaker()

        let isBlamed = circuit.failed(
            .certain, because: "no credit", startedAt: 0, hasAnswered: true, at: 10, jitter: { $0 })

        #expect(isBlamed)
        #expect(circuit.state == .open)
        #expect(circuit.retryAt == 15_010)
    }

    @Test func `lets one call try after its pause, and doubles the pause with each that fails, up to fifteen seconds`()
    {
        var circuit = CircuitBreaker()
        _ = Self.fail(&circuit, 5, from: 0)
        var pauses: [Double] = []
        for _ in 0..<6 {
            let opened = circuit.changedAt
            pauses.append((circuit.retryAt - circuit.changedAt).rounded())
            let due = circuit.retryAt
            let isEarly = circuit.tryAgain(at: due - 1001, horizon: Self.horizon)
            #expect(!isEarly)
            let isDue = circuit.tryAgain(at: due - 1000, horizon: Self.horizon)
            #expect(isDue)
            #expect(circuit.state == .halfOpen)
            #expect(circuit.callsMax(at: due) == 1)
            #expect(circuit.callsMax(at: due - 1000 + 45_000) == 4)
            let blamed = Self.fail(&circuit, 1, from: due)
            #expect(blamed == [true])
            #expect(circuit.changedAt > opened)
        }

        #expect(pauses == [2000, 4000, 8000, 15_000, 15_000, 15_000])
        #expect(circuit.awaySince == 10)
    }

    @Test func `waits as long as the provider asked for`() {
        var circuit = CircuitBreaker()
        _ = Self.fail(&circuit, 4, from: 0)

        _ = circuit.failed(
            .suspected, because: "", retryAfter: .seconds(40), startedAt: 4000, hasAnswered: false, at: 5000,
            jitter: { $0 })
        #expect(circuit.retryAt == 45_000)
        _ = circuit.failed(
            .suspected, because: "", retryAfter: .seconds(60), startedAt: 4000, hasAnswered: false, at: 6000,
            jitter: { $0 })

        #expect(circuit.retryAt == 66_000)
    }

    @Test func `lets eight more begin with each answer, and closes after twenty`() {
        var circuit = CircuitBreaker()
        _ = Self.fail(&circuit, 5, from: 0)
        _ = circuit.tryAgain(at: circuit.retryAt, horizon: Self.horizon)
        let began = circuit.changedAt
        var widths: [Int?] = []

        for answer in 1...20 {
            let isNews = circuit.answered(startedAt: began + Double(answer), at: 20_000)
            #expect(isNews)
            widths.append(circuit.callsMax(at: 50_000))
        }

        #expect(widths.first == 8)
        #expect(widths[18] == 152)
        #expect(circuit.state == .closed)
        #expect(circuit.callsMax(at: 50_000) == nil)
        #expect(circuit == CircuitBreaker(changedAt: 20_000))
    }

    @Test func `opens again at the third failure in a row of those that try together`() {
        var circuit = CircuitBreaker()
        _ = Self.fail(&circuit, 5, from: 0)
        _ = circuit.tryAgain(at: circuit.retryAt, horizon: Self.horizon)
        _ = circuit.answered(startedAt: 6500, at: 7000)

        #expect(circuit.callsMax(at: 8000) == 8)
        let first = Self.fail(&circuit, 2, from: 8000)
        _ = circuit.answered(startedAt: 8000, at: 10_500)
        let second = Self.fail(&circuit, 2, from: 11_000)
        #expect(first + second == [true, true, true, true])
        #expect(circuit.state == .halfOpen)
        _ = Self.fail(&circuit, 1, from: 13_000)

        #expect(circuit.state == .open)
        #expect(circuit.retryAt - 13_010 == 4000)
        #expect(circuit.awaySince == 11_010)
    }

    @Test func `does not count what began before it last changed`() {
        var circuit = CircuitBreaker()
        _ = Self.fail(&circuit, 5, from: 0)
        let retryAt = circuit.retryAt

        let whileOpen = Self.fail(&circuit, 9, from: 2000)
        #expect(whileOpen == Array(repeating: true, count: 9))
        #expect(circuit.retryAt == retryAt)
        _ = circuit.tryAgain(at: retryAt, horizon: Self.horizon)
        let late = Self.fail(&circuit, 3, from: retryAt - 3000)
        #expect(late == [true, true, true])
        #expect(circuit.state == .halfOpen)
        let isNews = circuit.answered(startedAt: retryAt - 1, at: retryAt + 5)
        #expect(!isNews)
        #expect(circuit.callsMax(at: retryAt + 5) == 1)
    }
}
