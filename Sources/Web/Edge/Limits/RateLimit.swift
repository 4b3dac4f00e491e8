import HTTPTypes
import Hummingbird
import Limits

/// Holds the routes of a group to a limit. Its headers stand in every answer, refusals and errors included.
///
/// The fields are those of draft-ietf-httpapi-ratelimit-headers: `RateLimit-Policy: "public_read";q=120;w=60` and
/// `RateLimit: "public_read";r=87;t=24`. Where several limits hold a route, each adds a member.
struct RateLimit: RouterMiddleware {
    let limits: EdgeLimits
    let rule: LimitRule
    /// For the wording of errors.
    let bounds: WebConfiguration.Limits

    func handle(
        _ request: Request, context: WebContext, next: @concurrent (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        let call = Call(request: request, context: context)
        guard let policy = rule.policy(for: call),
            let decision = await limits.decide(call, by: try await rule.subject(call), under: policy)
        else { return try await next(request, context) }
        guard decision.isAdmitted else { throw Problem.rateLimited(decision) }
        do {
            var response = try await next(request, context)
            response.headers.add(decision)
            return response
        } catch {
            var problem = Problem(error, limits: bounds)
            // What is not ours to say goes on as it is, to be logged.
            if problem.code == Problem.internalFailure.code { throw error }
            problem.headers.add(decision)
            throw problem
        }
    }
}

extension HTTPFields {
    /// Adds what a limit says to what others have said before.
    mutating func add(_ decision: LimitDecision) {
        let policy = decision.policy
        append(
            #""\#(policy.name)";q=\#(policy.permits);w=\#(policy.window.components.seconds)"#, to: .rateLimitPolicy)
        append(
            #""\#(policy.name)";r=\#(decision.remaining);t=\#(decision.resetAfter.wholeSeconds)"#, to: .rateLimit)
    }

    private mutating func append(_ member: String, to name: HTTPField.Name) {
        self[name] = self[name].map { "\($0), \(member)" } ?? member
    }
}

extension Problem {
    static func rateLimited(_ decision: LimitDecision) -> Problem {
        let policy = decision.policy
        var problem = Problem(
            .tooManyRequests, code: "request.rate_limited",
            detail: "More than \(policy.permits) requests of this kind in \(policy.window.components.seconds) seconds.",
            hint: "Wait as long as Retry-After says, and keep to what RateLimit-Policy allows.",
            headers: [.retryAfter: decision.resetAfter.wholeSeconds], members: ["policy": .string(policy.name)])
        problem.headers.add(decision)
        return problem
    }
}
