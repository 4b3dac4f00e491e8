import FoundationEssentials
import HTTPTypes
import Outbound
import Synchronization

/// Access tokens by site, each asked for once: whoever comes meanwhile waits for the same answer.
///
/// A token is renewed after four fifths of its life. The only thing to keep of a site is its instance id.
final class WixTokens: Sendable {
    private struct Token {
        let secret: Secret
        /// On the clock that only runs forward.
        let renewAt: Duration
        /// Tells a token from the one after it.
        let number: Int
    }
    private typealias Outcome = Result<Token, any Error>
    private enum State {
        case asking([CheckedContinuation<Outcome, Never>])
        case known(Token)
    }
    private enum Turn {
        case has(Token)
        case waits, asks(number: Int)
    }
    private struct Answer: Decodable {
        let accessToken: String
        let expiresIn: Double?
        private enum CodingKeys: String, CodingKey {
            case accessToken = "access_token"
            case expiresIn = "expires_in"
        }
    }

    private let app: WixApp
    private let transport: any Transport
    private let uptime: @Sendable () -> Duration
    private let now: @Sendable () -> Date
    private let sites = Mutex<(states: [String: State], count: Int)>(([:], 0))

    /// Beyond this many sites all are forgotten and asked for again.
    static let sitesMax = 10_000
    private static let usualLife = 4 * 3_600.0
    /// A token that would have to be renewed at once is of no use.
    private static let shortestLife = 1.0
    private static let longestLife = 24 * 3_600.0

    init(
        _ app: WixApp, transport: any Transport, uptime: @escaping @Sendable () -> Duration,
        now: @escaping @Sendable () -> Date
    ) {
        self.app = app
        self.transport = transport
        self.uptime = uptime
        self.now = now
    }

    /// - Returns: the token, and its number for ``refuse(_:of:)``.
    /// - Throws: ``PublisherError``; `CancellationError`.
    func token(of site: String, deadline: Duration) async throws -> (Secret, number: Int) {
        while true {
            switch begin(site) {
            case .has(let token): return (token.secret, token.number)
            case .waits:
                // Whoever asked may have been cancelled, which is nobody else's end.
                let outcome = await join(site)
                if case .failure(let error) = outcome, error is CancellationError {
                    try Task.checkCancellation()
                    continue
                }
                let token = try outcome.get()
                return (token.secret, token.number)
            case .asks(let number):
                do {
                    let token = try await request(site, number, deadline: deadline)
                    end(site, .success(token))
                    return (token.secret, token.number)
                } catch {
                    end(site, .failure(error))
                    throw error
                }
            }
        }
    }

    private func begin(_ site: String) -> Turn {
        sites.withLock { sites in
            switch sites.states[site] {
            case .known(let token) where uptime() < token.renewAt: return .has(token)
            case .asking: return .waits
            case .known, nil:
                if sites.states.count >= Self.sitesMax {
                    sites.states = sites.states.filter { Self.isAsking($0.value) }
                }
                sites.count += 1
                sites.states[site] = .asking([])
                return .asks(number: sites.count)
            }
        }
    }

    /// Waits for what becomes of the asking.
    private func join(_ site: String) async -> Outcome {
        await withCheckedContinuation { continuation in
            let known: Outcome? = sites.withLock { sites in
                switch sites.states[site] {
                case .asking(let waiting):
                    sites.states[site] = .asking(waiting + [continuation])
                    return nil
                case .known(let token): return .success(token)
                // It has failed since: to be asked for anew.
                case nil: return .failure(CancellationError())
                }
            }
            if let known { continuation.resume(returning: known) }
        }
    }

    private func end(_ site: String, _ outcome: Outcome) {
        let waiting: [CheckedContinuation<Outcome, Never>] = sites.withLock { sites in
            guard case .asking(let waiting) = sites.states[site] else { return [] }
            if case .success(let token) = outcome {
                sites.states[site] = .known(token)
            } else {
                sites.states[site] = nil
            }
            return waiting
        }
        for one in waiting { one.resume(returning: outcome) }
    }

    /// A call was refused with this token: the next one asks for another, unless somebody has already.
    func refuse(_ number: Int, of site: String) {
        sites.withLock { sites in
            if case .known(let token) = sites.states[site], token.number == number { sites.states[site] = nil }
        }
    }

    private static func isAsking(_ state: State) -> Bool { if case .asking = state { true } else { false } }

    private func request(_ site: String, _ number: Int, deadline: Duration) async throws -> Token {
        var call = OutboundRequest(.post, app.baseURL.appending("oauth2/token"))
        call.headers[.contentType] = "application/json"
        call.body =
            JSONText.object([
                ("grant_type", .string("client_credentials")), ("client_id", .string(app.id)),
                ("client_secret", .string(app.secret.exposed)), ("instance_id", .string(site)),
            ]).bytes
        let response: OutboundResponse
        do { response = try await transport.send(call, deadline: deadline) } catch {
            throw WixFailure.error(noAnswer: error)
        }
        guard response.isSuccess else { throw WixFailure.error(tokenAnswer: response, now: now()) }
        // What cannot be read is told as such.
        guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(response.body)),
            !answer.accessToken.isEmpty
        else { throw WixFailure.unreadable }
        let life = min(max(answer.expiresIn ?? Self.usualLife, Self.shortestLife), Self.longestLife)
        return Token(
            secret: Secret(answer.accessToken), renewAt: uptime() + .seconds(life * 0.8), number: number)
    }
}
