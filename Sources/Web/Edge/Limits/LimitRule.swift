import HTTPTypes
import Limits

/// Which limit holds a group of routes, and who is counted.
struct LimitRule: Sendable {
    /// For GET, HEAD and OPTIONS; nil for none.
    let reading: LimitPolicy?
    /// For all other methods; nil for none.
    let writing: LimitPolicy?
    /// Who is counted; nil counts by address. What it throws is the answer.
    let subject: @Sendable (Call) async throws -> LimitSubject?

    /// By the caller's address.
    static func byAddress(reading: LimitPolicy? = .publicRead, writing: LimitPolicy? = .publicWrite) -> LimitRule {
        LimitRule(reading: reading, writing: writing, subject: { _ in nil })
    }

    /// By who has signed in, or whichever site's key was sent.
    static func by(
        _ subject: @escaping @Sendable (Call) async throws -> LimitSubject, reading: LimitPolicy? = nil,
        writing: LimitPolicy? = nil
    ) -> LimitRule {
        LimitRule(reading: reading, writing: writing, subject: subject)
    }

    func policy(for method: HTTPRequest.Method) -> LimitPolicy? {
        switch method {
        case .get, .head, .options: reading
        default: writing
        }
    }
}
