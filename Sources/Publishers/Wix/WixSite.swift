import FoundationEssentials
import HTTPTypes
import Outbound
import Synchronization

/// One Wix site's API: calls with its token, and what is learned of it once.
final class WixSite: Sendable {
    /// Nil where nothing is known yet.
    struct Known: Sendable {
        var members: [String: String] = [:]
        var tags: [String: String]?
        var catalogue: Catalogue?
        /// By what the calls are about: while some are admitted, others may be barred.
        var refusals: [WixFailure.Subject: WixRefusals] = [:]
        /// Files of drafts that are not made yet, by name.
        var uploads: [String: String] = [:]
    }

    let instance: String
    let app: WixApp
    let known = Mutex(Known())
    private let tokens: WixTokens
    private let transport: any Transport
    private let uptime: @Sendable () -> Duration
    private let now: @Sendable () -> Date

    init(
        _ instance: String, _ app: WixApp, _ tokens: WixTokens, _ transport: any Transport,
        uptime: @escaping @Sendable () -> Duration, now: @escaping @Sendable () -> Date
    ) {
        self.instance = instance
        self.app = app
        self.tokens = tokens
        self.transport = transport
        self.uptime = uptime
        self.now = now
    }

    func deadline(in duration: Duration) -> WixDeadline { WixDeadline(at: uptime() + duration, uptime: uptime) }

    /// Calls and reads the answer.
    ///
    /// - Throws: ``PublisherError``; `CancellationError`.
    func call<Value: Decodable>(
        _ method: HTTPRequest.Method, _ path: String, query: String? = nil, body: JSONText? = nil,
        about subject: WixFailure.Subject = .site, as type: Value.Type, until deadline: WixDeadline
    ) async throws -> Value {
        let response = try await send(method, path, query: query, body: body, about: subject, until: deadline)
        // What cannot be read is told as such.
        guard let value = try? JSONDecoder().decode(Value.self, from: Data(response.body)) else {
            throw WixFailure.unreadable
        }
        return value
    }

    /// Calls; a token that is refused is renewed once.
    @discardableResult
    func send(
        _ method: HTTPRequest.Method, _ path: String, query: String? = nil, body: JSONText? = nil,
        about subject: WixFailure.Subject = .site, until deadline: WixDeadline
    ) async throws -> OutboundResponse {
        var call = OutboundRequest(method, app.baseURL.appending(path, query: query))
        if let body {
            call.headers[.contentType] = "application/json"
            call.body = body.bytes
        }
        for isLast in [false, true] {
            let (token, number) = try await tokens.token(of: instance, deadline: deadline.left())
            call.authorization = .bearer(token)
            let response = try await carry(call, until: deadline)
            if response.status == 401 {
                tokens.refuse(number, of: instance)
                if !isLast { continue }
            }
            return try judged(response, about: subject)
        }
        preconditionFailure("the last turn returns or throws")
    }

    /// Sends bytes to an address that Wix has named, without our token.
    func put(
        _ bytes: [UInt8], _ contentType: String, to url: OutboundURL, until deadline: WixDeadline
    ) async throws -> OutboundResponse {
        var call = OutboundRequest(.put, url, body: bytes)
        call.headers[.contentType] = contentType
        return try judged(try await carry(call, until: deadline), about: .upload)
    }

    /// - Returns: the answer, if it is a success.
    /// - Throws: ``PublisherError``.
    private func judged(_ response: OutboundResponse, about subject: WixFailure.Subject) throws -> OutboundResponse {
        guard let refusal = WixFailure.refusal(in: response) else {
            known.withLock { $0.refusals[subject] = nil }
            guard response.isSuccess else { throw WixFailure.error(response, about: subject, now: now()) }
            return response
        }
        let uptime = uptime()
        guard
            let pause = known.withLock({
                $0.refusals[subject, default: WixRefusals()].refused(refusal, at: uptime)
            })
        else {
            throw WixFailure.barred(response)
        }
        throw WixFailure.refused(response, pause: pause, now: now())
    }

    private func carry(_ call: OutboundRequest, until deadline: WixDeadline) async throws -> OutboundResponse {
        do { return try await transport.send(call, deadline: deadline.left()) } catch {
            throw WixFailure.error(noAnswer: error)
        }
    }
}

/// One deadline for all calls of an operation.
struct WixDeadline: Sendable {
    private let end: Duration
    private let uptime: @Sendable () -> Duration

    init(at end: Duration, uptime: @escaping @Sendable () -> Duration) {
        self.end = end
        self.uptime = uptime
    }

    /// - Throws: ``PublisherError`` when it has passed.
    func left() throws -> Duration {
        let left = end - uptime()
        guard left > .zero else {
            throw PublisherError(.unreachable, "Wix did not answer in time", retry: .backoff)
        }
        return left
    }
}
