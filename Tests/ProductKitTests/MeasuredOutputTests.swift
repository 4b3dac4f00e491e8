import Testing

@testable import ProductKit

@Suite struct `The measured length of answers` {
    private let subject = MeasuredOutput.Subject(question: "content", model: "large")

    @Test func `says nothing before there are enough of them`() {
        let measured = MeasuredOutput()
        for _ in 1..<MeasuredOutput.samplesMin { measured.note(500, of: subject, planned: 4_000) }
        #expect(measured.limit(of: subject, atMost: 4_000) == 4_000)
        measured.note(500, of: subject, planned: 4_000)
        #expect(measured.limit(of: subject, atMost: 4_000) == 625)
    }

    @Test func `bounds the next by all but the longest hundredth, and a quarter more`() {
        let measured = MeasuredOutput()
        // 100 answers of 10, 20, … 1,000 tokens: 99 of them have 990 at most.
        for tokens in 1...100 { measured.note(10 * tokens, of: subject, planned: 4_000) }
        #expect(measured.limit(of: subject, atMost: 4_000) == 1_238)
        #expect(measured.limit(of: subject, atMost: 8_000) == 2_475, "of a plan twice as long, twice as much")
    }

    @Test func `never allows more than was planned, nor less than a provider takes`() {
        let measured = MeasuredOutput()
        for _ in 0..<100 { measured.note(9_000, of: subject, planned: 4_000) }
        #expect(measured.limit(of: subject, atMost: 4_000) == 4_000)
        let brief = MeasuredOutput.Subject(question: "title", model: "large")
        for _ in 0..<100 { measured.note(1, of: brief, planned: 4_000) }
        #expect(measured.limit(of: brief, atMost: 4_000) == MeasuredOutput.leastLimit)
        #expect(measured.limit(of: brief, atMost: 20) == 20)
    }

    @Test func `forgets what is long ago, and everything after an answer that did not fit`() {
        let measured = MeasuredOutput()
        for _ in 0..<MeasuredOutput.samplesMax { measured.note(4_000, of: subject, planned: 4_000) }
        for _ in 0..<MeasuredOutput.samplesMax { measured.note(400, of: subject, planned: 4_000) }
        #expect(measured.limit(of: subject, atMost: 4_000) == 500)
        measured.noteCutOff(of: subject)
        #expect(measured.limit(of: subject, atMost: 4_000) == 4_000)
    }

    @Test func `is one of each question and model`() {
        let measured = MeasuredOutput()
        for _ in 0..<100 { measured.note(400, of: subject, planned: 4_000) }
        let other = MeasuredOutput.Subject(question: "content", model: "small")
        #expect(measured.limit(of: other, atMost: 4_000) == 4_000)
        measured.note(100, of: other, planned: 0)
        #expect(measured.limit(of: other, atMost: 4_000) == 4_000)
    }
}
