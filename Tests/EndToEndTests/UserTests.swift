import Foundation
import Testing

@Suite struct `The command users` {
    @Test(arguments: Workplace.Storage.allCases)
    func `makes a moderator, at once, and knows nobody else`(_ storage: Workplace.Storage) async throws {
        try await Workplace.with(storage) { place in
            let environment = place.environment(["ARENA_TOKEN_SECRET": "a-secret-of-this-test-that-is-long-enough"])
            let server = try await ServerProcess.start(place, environment: environment)
            let (status, account) = try await server.call(
                "POST", "/auth/signup", #"{"email": "ada@example.org", "password": "correct horse"}"#)
            #expect(status == 201)
            let token = try #require(account["token"] as? String)
            func role(_ email: String, _ role: String) async throws -> PressroomProcess.Ending {
                try await PressroomProcess.run(
                    ["users", "role", email, role, "--json"], environment: environment, in: place.folder)
            }

            #expect(try await server.call("GET", "/admin/reports", key: token).status == 403)
            let made = try await role("Ada@example.org", "moderator")
            #expect(made.status == 0, "\(made.errors)")
            #expect(try await server.call("GET", "/admin/reports", key: token).status == 200)
            #expect(try await role("ada@example.org", "user").status == 0)
            #expect(try await server.call("GET", "/admin/reports", key: token).status == 403)

            let unknown = try await role("eve@example.org", "admin")
            #expect(unknown.status == 66)
            #expect(unknown.errors.contains("user.not_found"))
            #expect(try await role("ada@example.org", "emperor").status == 64)
        }
    }
}
