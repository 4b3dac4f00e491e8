import FoundationEssentials
import HTTPTypes
import Outbound

/// An error answer of Wix's, classified.
enum WixFailure {
    /// What a call was about: what a 404 means.
    enum Subject { case site, draft, product, upload }

    /// A call that was turned away for the rate of calls.
    enum Refusal {
        /// 429.
        case told
        /// 403 without a word, as bursts are answered at times.
        case silent
    }

    /// What Wix says beside the status. Each part is read by itself: one of a form that we do not know hides no other.
    private struct Body: Decodable {
        struct Violation: Decodable {
            let field: String?
            let violatedRule: String?
        }
        private enum Key: String, CodingKey {
            case message, details, applicationError, code, description, validationError, fieldViolations
        }
        let message: String?
        /// A word for programs.
        let code: String?
        let description: String?
        let violations: [Violation]

        init(from decoder: any Decoder) throws {
            let members = try decoder.container(keyedBy: Key.self)
            // What cannot be read is not there.
            message = try? members.decode(String.self, forKey: .message)
            let details = try? members.nestedContainer(keyedBy: Key.self, forKey: .details)
            let problem = try? details?.nestedContainer(keyedBy: Key.self, forKey: .applicationError)
            let number = try? problem?.decode(Int.self, forKey: .code)
            let word = try? problem?.decode(String.self, forKey: .code)
            code = word ?? number.map { "\($0)" }
            description = try? problem?.decode(String.self, forKey: .description)
            let validation = try? details?.nestedContainer(keyedBy: Key.self, forKey: .validationError)
            let found = try? validation?.decode([Violation].self, forKey: .fieldViolations)
            violations = found ?? []
        }

        init?(_ response: OutboundResponse) {
            // Without a body that can be read the status says enough.
            guard let body = try? JSONDecoder().decode(Body.self, from: Data(response.body)) else { return nil }
            self = body
        }

        var saysNothing: Bool {
            [message, code, description].allSatisfy { $0?.isEmpty ?? true } && violations.isEmpty
        }
    }

    static func refusal(in response: OutboundResponse) -> Refusal? {
        switch response.status {
        case 429: .told
        case 403 where Body(response)?.saysNothing ?? true: .silent
        default: nil
        }
    }

    /// - Parameter pause: how long to wait where the answer does not say.
    static func refused(_ response: OutboundResponse, pause: Duration?, now: Date) -> PublisherError {
        let told = RetryAfter.wait(in: response.headers, now: now).map { max($0, shortestWait) }
        return PublisherError(
            .rateLimited, "The Wix site takes no more calls for now\(reference(response))",
            retry: .refused(after: told ?? pause))
    }

    /// Of an answer that is no refusal.
    static func error(_ response: OutboundResponse, about subject: Subject, now: Date) -> PublisherError {
        let body = Body(response)
        let request = reference(response)
        switch response.status {
        case 400: return rejected(body, request)
        case 401:
            return PublisherError(
                .unwritable, "Wix does not accept our token for this site", hint: reconnect, retry: .never)
        case 403:
            return PublisherError(
                .unwritable, "The app may not do this on the Wix site\(request)",
                hint:
                    "Give it the permissions to manage the blog, members and media, and have the owner agree to them.",
                retry: .never)
        case 404: return missing(subject, request)
        case 408, 409, 425, 500...599:
            let wait = RetryAfter.wait(in: response.headers, now: now)
            return PublisherError(
                .unreachable, "Wix cannot answer now (\(response.status))\(request)",
                retry: wait.map { .after($0) } ?? .backoff, cause: response.status == 409 ? Conflict() : nil)
        case 413: return PublisherError(.invalidPost, "The post is larger than Wix accepts", retry: .never)
        case 428:
            return PublisherError(
                .unwritable, "The Wix shop has another catalogue than before\(request)", hint: "Try again.",
                retry: .never)
        default:
            return PublisherError(
                .unwritable, "Wix refuses the request (\(response.status))\(request)",
                hint: "Check WIX_BASE_URL and that the blog is installed on the site.", retry: .never)
        }
    }

    /// The cause of an error when what was to be made is there already.
    struct Conflict: Error {}

    /// Of the request for a token.
    static func error(tokenAnswer response: OutboundResponse, now: Date) -> PublisherError {
        switch response.status {
        case 400, 403, 404:
            PublisherError(
                .unwritable, "The Wix site does not have our app",
                hint: "Have the site's owner install the app again: what waits goes on by itself then.",
                retry: .refused(after: pauseWithoutApp))
        case 401:
            PublisherError(
                .unwritable, "Wix does not accept the app's id and secret",
                hint: "Check WIX_APP_ID and WIX_APP_SECRET.", retry: .never)
        case 429: refused(response, pause: nil, now: now)
        default: error(response, about: .site, now: now)
        }
    }

    static func error(noAnswer error: any Error) -> any Error {
        if error is CancellationError { return error }
        guard let outbound = error as? OutboundError else {
            return PublisherError(.unreachable, "Wix cannot be reached", retry: .backoff, cause: error)
        }
        return PublisherError(
            .unreachable, "Wix cannot be reached: \(outbound.message)", hint: outbound.hint,
            retry: outbound.retry == .never ? .never : .backoff, cause: outbound)
    }

    static var unreadable: PublisherError {
        PublisherError(.unreachable, "Wix answers something that cannot be read", retry: .backoff)
    }

    /// Of a site that has refused without a word for so long that it cannot be for the rate of calls.
    static func barred(_ response: OutboundResponse) -> PublisherError {
        PublisherError(
            .unwritable, "The Wix site refuses every call without saying why\(reference(response))",
            hint: "Check the app's permissions, and that its owner has agreed to them; then retry.", retry: .never)
    }

    /// A site that has removed the app may have it again at any time; whether our webhook is told or not.
    static let pauseWithoutApp = Duration.seconds(300)
    private static let reconnect = "Reconnect: have the site's owner install the app again."
    /// An answer that asks for no wait at all would be asked again in a loop.
    private static let shortestWait = Duration.milliseconds(500)

    private static func missing(_ subject: Subject, _ request: String) -> PublisherError {
        switch subject {
        case .draft:
            PublisherError(
                .draftMissing, "The Wix site has no such draft", hint: "It was deleted there; start a new request.",
                retry: .never)
        case .product: PublisherError(.draftMissing, "The Wix store has no such product", retry: .never)
        case .upload:
            PublisherError(.unreachable, "The address for the picture is not good any more\(request)", retry: .backoff)
        case .site:
            PublisherError(
                .unwritable, "The Wix site does not have what was asked for\(request)",
                hint: "Check that the blog is installed on the site, and WIX_BASE_URL.", retry: .never)
        }
    }

    /// Names of fields, rules and codes are Wix's own; its sentences may repeat the post, and stay out.
    private static func rejected(_ body: Body?, _ request: String) -> PublisherError {
        let known = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-[]")
        func clean(_ text: String) -> Substring { text.filter { known.contains($0) }.prefix(80) }
        let violations = (body?.violations ?? []).prefix(5).map { violation in
            [violation.field, violation.violatedRule].compactMap { $0.map(clean) }.joined(separator: " ")
        }
        let reasons = (violations + [body?.code.map { String(clean($0)) }].compactMap(\.self)).filter { !$0.isEmpty }
        let list = reasons.isEmpty ? "" : ": \(reasons.joined(separator: ", "))"
        return PublisherError(.invalidPost, "Wix rejects the post\(list)\(request)", retry: .never)
    }

    /// By what Wix's support finds a call; empty when the answer does not say.
    private static func reference(_ response: OutboundResponse) -> String {
        let known = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")
        let id = (response.headers[.wixRequestID] ?? "").filter { known.contains($0) }.prefix(80)
        return id.isEmpty ? "" : " (request \(id))"
    }
}

extension HTTPField.Name {
    fileprivate static let wixRequestID: HTTPField.Name = {
        guard let name = HTTPField.Name("x-wix-request-id") else {
            preconditionFailure("a literal header name is valid")
        }
        return name
    }()
}
