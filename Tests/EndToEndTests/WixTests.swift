import Foundation
import Testing

/// Posts on the sandbox's Wix sites, by real processes.
@Suite(.serialized) struct `A Wix site` {
    private static let request = #""sourceType":"keyword","sourceId":"figs","autoSelect":true,"image":"none""#

    /// Where the sandbox is, without the part for models.
    private func address(of sandbox: SandboxProcess) -> String { String(sandbox.api.dropLast("/v1".count)) }

    private func settings(_ sandbox: SandboxProcess, _ more: [String: String] = [:]) -> [String: String] {
        let own = [
            "PUBLISHER": "wix", "WIX_APP_ID": "app", "WIX_APP_SECRET": "secret",
            "WIX_BASE_URL": "\(address(of: sandbox))/wix",
        ]
        return sandbox.environment.merging(own) { $1 }.merging(more) { $1 }
    }

    private func reason(_ generation: [String: Any]) -> String? {
        (generation["waiting"] as? [String: Any])?["reason"] as? String
    }

    @Test(arguments: Workplace.Storage.allCases)
    func `gets a scheduled post as a draft at once, and publishes it at its time`(
        _ storage: Workplace.Storage
    ) async throws {
        try await Workplace.with(storage) { place in
            let sandbox = try await SandboxProcess.start(place, speed: 20)
            let server = try await ServerProcess.start(place, environment: settings(sandbox))
            let site = SimulatedSite("acme", of: address(of: sandbox))
            let time = Date(timeIntervalSince1970: (Date().timeIntervalSince1970 + 10).rounded(.up))
            let id = try await server.submit(
                #"{\#(Self.request),"publishMode":"schedule","publishAt":"\#(time.ISO8601Format())"}"#)

            try await until {
                let generation = try await server.call("GET", "/api/blog-generation/\(id)").answer
                return reason(generation) == "not_due" || generation["status"] as? String == "FAILED"
            }
            #expect(try await site.statuses() == ["UNPUBLISHED"])
            let ended = try await server.ended(id)

            #expect(Date() >= time)
            #expect(ended["status"] as? String == "DONE", "\(ended)")
            #expect(try await site.statuses() == ["PUBLISHED"])
        }
    }

    /// The installation's app has a wrong secret, so that only the site's own can have opened it.
    @Test(arguments: Workplace.Storage.allCases)
    func `is opened by an app of its own, whose secret nobody sees again`(_ storage: Workplace.Storage) async throws {
        try await Workplace.with(storage) { place in
            let sandbox = try await SandboxProcess.start(place, speed: 20)
            let secret = "a-secret-of-the-owner's"
            try Data("\(secret)\n".utf8).write(to: place.folder.appending(path: "secret"))
            try Data("\(Data(repeating: 7, count: 32).base64EncodedString())\n".utf8)
                .write(to: place.folder.appending(path: "key"))
            let own = settings(sandbox, ["WIX_APP_SECRET": "invalid", "CREDENTIALS_KEY_FILE": "key"])
            let server = try await ServerProcess.start(place, environment: own)
            func sites(_ arguments: String..., input: String? = nil) async throws -> PressroomProcess.Ending {
                try await PressroomProcess.run(
                    ["sites"] + arguments, environment: place.environment(own), in: place.folder, input: input,
                    within: .seconds(30))
            }

            let before = try await sites("test", "acme")
            #expect(before.status != 0)
            let first = try await server.submit("{\(Self.request)}")
            let failed = try await server.ended(first)
            #expect(failed["status"] as? String == "FAILED", "\(failed)")

            let connected = try await sites("connect", "acme", "--app-id", "own", input: "secret")
            #expect(connected.status == 0, "\(connected.errors)")
            let tested = try await sites("test", "acme")
            #expect(tested.status == 0, "\(tested.errors)")
            let (status, _) = try await server.call("POST", "/api/blog-generation/\(first)/retry")
            #expect(status == 202 || status == 200)
            let ended = try await server.ended(first)
            #expect(ended["status"] as? String == "DONE", "\(ended)")
            #expect(try await SimulatedSite("acme", of: address(of: sandbox)).statuses().count == 1)

            let shown = try await server.call("GET", "/api/sites/acme/credentials").answer
            let disconnected = try await sites("disconnect", "acme")
            let after = try await sites("test", "acme")
            #expect(disconnected.status == 0, "\(disconnected.errors)")
            #expect(after.status != 0)
            for text in ["\(shown)", server.process.complaints, server.process.printed, connected.output] {
                #expect(!text.contains(secret), "\(text)")
            }
        }
    }

    @Test func `is paused while its owner has removed the app, and goes on when it is back`() async throws {
        try await Workplace.with { place in
            let sandbox = try await SandboxProcess.start(place, speed: 20)
            let base = address(of: sandbox)
            let (_, key) = try await SimulatedSite.send("GET", "\(base)/sandbox/wix/public-key")
            try key.write(to: place.folder.appending(path: "wix.pem"))
            let server = try await ServerProcess.start(
                place, environment: settings(sandbox, ["WIX_PUBLIC_KEY_FILE": "wix.pem"]))
            let conditions = #"{"webhookURL":"\#(server.address)/webhooks/wix"}"#
            let (status, _) = try await SimulatedSite.send("PUT", "\(base)/sandbox/wix", conditions)
            #expect(status == 200)
            let site = SimulatedSite("acme", of: base)
            let first = try await server.submit("{\(Self.request)}")
            #expect(try await server.ended(first)["status"] as? String == "DONE")

            try await site.act("remove", #"{"copies":5}"#)
            try await until { try await delivered(base) == 1 }
            let second = try await server.submit("{\(Self.request)}")
            try await until {
                reason(try await server.call("GET", "/api/blog-generation/\(second)").answer) == "paused"
            }
            try await site.act("install")
            let ended = try await server.ended(second)

            #expect(ended["status"] as? String == "DONE", "\(ended)")
            #expect(try await site.statuses().count == 2)
        }
    }

    /// Messages of Wix's that were answered in time.
    private func delivered(_ base: String) async throws -> Int? {
        let (_, data) = try await SimulatedSite.send("GET", "\(base)/sandbox/stats")
        let stats = try JSONSerialization.jsonObject(with: data) as? [String: Any]
        return stats?["webhooksDelivered"] as? Int
    }
}
