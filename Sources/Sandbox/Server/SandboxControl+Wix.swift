import Synchronization

/// The routes below `/sandbox/wix`: what the simulated Wix is like, and what the owners of its sites do.
extension SandboxControl {
    static let wixRoutes = """
        GET  /sandbox/wix, /sandbox/wix/public-key, /sandbox/wix/sites/{id}/instance    PUT /sandbox/wix
        POST /sandbox/wix/sites/{id}/install, …/remove, …/revoke, …/tell
        """

    /// Nil when the call is not for these routes.
    func wixAnswer(to request: ProviderRequest) -> ProviderResponse? {
        let steps = request.path.split(separator: "/").map(String.init)
        guard steps.count >= 2, steps[0] == "sandbox", steps[1] == "wix" else { return nil }
        switch (request.method, steps.count) {
        case ("GET", 2): return json(server.wixConditions)
        case ("PUT", 2): return change(request.body)
        case ("GET", 3) where steps[2] == "public-key": return publicKey()
        case ("GET", 5) where steps[2] == "sites" && steps[4] == "instance": return instance(of: steps[3])
        case ("POST", 5) where steps[2] == "sites": return act(steps[4], on: steps[3], request.body)
        default: return nil
        }
    }

    private func change(_ body: [UInt8]) -> ProviderResponse {
        do {
            try server.change(try SandboxJSON.decode(WixConditions.self, from: body))
            return json(server.wixConditions)
        } catch let error as DecodingError {
            return problem(SandboxError(code: .badRequest, message: error.inWords), status: 400)
        } catch {
            let known = error as? SandboxError
            return problem(known ?? SandboxError(code: .badRequest, message: "\(error)"), status: 400)
        }
    }

    private func publicKey() -> ProviderResponse {
        do {
            let text = try server.wixWebhookKey().publicPEM
            return ProviderResponse(
                status: 200, headers: [("content-type", "application/x-pem-file")], body: Array("\(text)\n".utf8))
        } catch {
            return problem(SandboxError(code: .badRequest, message: "no key could be made: \(error)"), status: 500)
        }
    }

    private func instance(of site: String) -> ProviderResponse {
        guard let text = server.core.withLock({ $0.wixInstance(site, at: server.now) }) else {
            return problem(
                SandboxError(
                    code: .badRequest, message: "no app has asked a token for this site",
                    hint: "`pressroom sites test` asks for one."), status: 404)
        }
        return .json(["instance": .string(text)])
    }

    // MARK: Owners

    /// What the body of an act may say: how often the app is told, how much later, and of what.
    private struct Act {
        var copies = 1
        var after = Duration.zero
        var type: String?
        var data: JSONValue = .object(JSONObject())

        /// - Throws: what is wrong with it, in words.
        init(_ body: [UInt8]) throws(SandboxError) {
            guard !body.isEmpty else { return }
            let members: [JSONObject.Member]
            do { members = try JSONValue(parsing: body).object?.members ?? [] } catch {
                throw SandboxError(code: .badRequest, message: "the body is not JSON: \(error)")
            }
            for member in members {
                switch (member.name, member.value.whole, member.value.number) {
                case ("copies", let count?, _) where (1...1_000).contains(count): copies = count
                case ("afterSeconds", _, let seconds?) where (0...172_800).contains(seconds): after = .seconds(seconds)
                case ("eventType", _, _) where member.value.text != nil: type = member.value.text
                case ("data", _, _): data = member.value
                default:
                    throw SandboxError(code: .badRequest, message: "\(member.name) cannot be this", hint: Self.hint)
                }
            }
        }

        private static let hint =
            #"For example {"copies": 100, "afterSeconds": 2.5}; to tell, also {"eventType": "…", "data": {…}}"#
    }

    private func act(_ verb: String, on site: String, _ body: [UInt8]) -> ProviderResponse {
        let act: Act
        do { act = try Act(body) } catch { return problem(error, status: 400) }
        let isTold: Bool
        switch verb {
        case "remove":
            isTold = server.core.withLock {
                $0.removeWixApp(from: site, copies: act.copies, after: act.after, at: server.now)
            }
        case "install":
            isTold = server.core.withLock {
                $0.installWixApp(on: site, copies: act.copies, after: act.after, at: server.now)
            }
        case "revoke":
            server.core.withLock { $0.revokeWixTokens(of: site) }
            isTold = false
        case "tell":
            let type = act.type ?? "wix.blog.v3.post_created"
            isTold = server.core.withLock {
                $0.tellWixApp(
                    type, about: site, data: act.data, copies: act.copies, after: act.after, at: server.now)
            }
        default:
            return problem(
                SandboxError(
                    code: .badRequest, message: "no such route", hint: "install, remove, revoke or tell"), status: 404)
        }
        server.courierWake.signal()
        return .json(["site": .string(site), "told": .bool(isTold)])
    }
}
