import HTTPTypes
import HummingbirdCore
import Limits

/// Which limit holds a group of routes, and who is counted.
struct LimitRule: Sendable {
    /// For GET, HEAD and OPTIONS; nil for none.
    let reading: LimitPolicy?
    /// For all other methods; nil for none.
    let writing: LimitPolicy?
    /// Who is counted; nil counts by address. What it throws is the answer.
    let subject: @Sendable (Call) async throws -> LimitSubject?
    /// Which calls are counted.
    var holds: @Sendable (Call) -> Bool = { _ in true }

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

    /// Only calls without credentials. Whoever sends some that open nothing is refused by the route.
    var forStrangers: LimitRule {
        var rule = self
        rule.holds = { $0.header(.authorization) == nil }
        return rule
    }

    /// Only calls with credentials.
    var forMembers: LimitRule {
        var rule = self
        rule.holds = { $0.header(.authorization) != nil }
        return rule
    }

    /// - Returns: nil when the rule does not hold the call.
    func policy(for call: Call) -> LimitPolicy? {
        guard holds(call) else { return nil }
        return switch call.request.method {
        case .get, .head, .options: reading
        default: writing
        }
    }
}
