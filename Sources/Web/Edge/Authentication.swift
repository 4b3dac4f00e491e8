import Blog
import HTTPTypes
import Hummingbird
import Publishers

/// Finds out who calls the API: `Authorization: Bearer` with a site's key or the operator's token, or `X-Wix-Instance` with
/// what Wix has signed for a site's dashboard.
struct Authentication: Sendable {
    let sites: Sites
    let operatorToken: OperatorToken?
    /// Nil where no Wix app is configured.
    var wix: WixSignedInstance?
    let timing: Timing

    /// - Throws: ``Problem``: 401 without a key or with one that opens nothing.
    func caller(of call: Call) async throws -> Caller {
        if let wix, call.header(.authorization) == nil, let signed = call.header(.wixInstance) {
            return .site(try await owner(signed, wix))
        }
        let key = try bearer(in: call)
        if let operatorToken, operatorToken.matches(key) { return .operator }
        do {
            return .site(try await sites.authenticate(bearer: key))
        } catch let error as BlogError where error.kind == .unauthorized {
            throw Problem(error).demanding(#"Bearer realm="pressroom", error="invalid_token""#)
        }
    }

    /// Whose generations the call may see: the site's own; for the operator all, or those of `?site=`.
    func scope(of call: Call) async throws -> (scope: Scope, caller: Caller) {
        let caller = try await caller(of: call)
        switch caller {
        case .site(let site): return (.site(site), caller)
        case .operator:
            guard let name = call.query("site") else { return (.allSites, caller) }
            return (.site(try await sites.find(name)), caller)
        }
    }

    /// For which site the call asks for something new; the operator says it with `?site=`.
    func site(for call: Call) async throws -> Site {
        switch try await caller(of: call) {
        case .site(let site): return site
        case .operator:
            guard let name = call.query("site") else { throw Problem.siteMissing }
            return try await sites.find(name)
        }
    }

    /// The site whose owner calls from the dashboard of Wix. What nobody has registered, or what
    /// was removed, looks as if it were not signed.
    private func owner(_ signed: String, _ wix: WixSignedInstance) async throws -> Site {
        guard let instance = wix.owner(in: signed, now: timing.now()) else { throw Problem.instanceInvalid }
        do {
            let site = try await sites.find(instance)
            guard site.closedAt == nil else { throw Problem.instanceInvalid }
            return site
        } catch let error as BlogError where error.kind == .notFound {
            throw Problem.instanceInvalid
        }
    }

    private func bearer(in call: Call) throws -> String {
        guard let header = call.header(.authorization) else { throw Problem.keyMissing }
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer", parts[1].utf8.count <= 512 else {
            throw Problem.keyMissing
        }
        return String(parts[1])
    }
}

extension Problem {
    static let keyMissing = Problem(
        .unauthorized, code: "key.missing", detail: "This route needs a site's API key.",
        hint: "Send the header Authorization: Bearer with a key that the operator has issued for the site."
    ).demanding(#"Bearer realm="pressroom""#)

    static let instanceInvalid = Problem(
        .unauthorized, code: "instance.invalid",
        detail: "This is no instance that Wix has signed for a registered site.",
        hint: "Reload the dashboard's page; an instance is good for four hours."
    ).demanding(#"Bearer realm="pressroom""#)

    static let siteMissing = Problem(
        .badRequest, code: "site.missing", detail: "The operator's token stands for no site of its own.",
        hint: "Name the site with ?site= and its instance id.")

    func demanding(_ challenge: String) -> Problem {
        var problem = self
        problem.headers[.wwwAuthenticate] = challenge
        return problem
    }
}

extension HTTPField.Name {
    /// The signed instance of a Wix dashboard.
    static let wixInstance = HTTPField.Name("X-Wix-Instance")!
}
