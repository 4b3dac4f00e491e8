import Database
import Engine
import Foundation
import Outbound
import ProductKit
import TestSupport
import Testing

@testable import Blog

@Suite struct `Credentials of a site` {
    static let old = Data(repeating: 1, count: 32).base64EncodedString()
    static let new = Data(repeating: 2, count: 32).base64EncodedString()
    static let app = WixCredentials(appID: "app-1", appSecret: Secret("secret-of-the-app"))

    static func store(_ room: Newsroom, keys: [String]) throws -> SiteCredentials {
        let vault = try #require(CredentialVault(keys: keys.joined(separator: "\n")))
        return SiteCredentials(room.engine.database, vault: vault)
    }

    static func sealed(_ room: Newsroom) async throws -> [String] {
        try await room.engine.database.read { transaction in
            var rows: [String] = []
            try transaction.forEach("select key_id, sealed from site_credentials order by tenant_id") {
                rows.append("\(try $0[0] as String) \(try $0[1] as String)")
            }
            return rows
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `come back as they were stored, and stand nowhere in the database`(_ fixture: DatabaseFixture) async throws {
        try await Newsroom.open(fixture) { room in
            let store = try Self.store(room, keys: [Self.old])
            #expect(try await store.wix(ofInstance: "bakery") == nil)
            try await store.set(Self.app, of: room.site)

            #expect(try await store.wix(ofInstance: "bakery") == Self.app)
            #expect(try await store.wix(ofInstance: "garden") == nil)
            #expect(try await store.notes(of: room.site).map(\.publisher) == [.wix])
            let stored = try await Self.sealed(room)
            #expect(stored.count == 1)
            #expect(!stored[0].contains("secret") && !stored[0].contains(Data("secret".utf8).base64EncodedString()))

            let another = WixCredentials(appID: "app-2", appSecret: Secret("another-secret"))
            try await store.set(another, of: room.site)
            #expect(try await store.wix(ofInstance: "bakery") == another)
            #expect(try await store.remove(of: room.site))
            #expect(try await !store.remove(of: room.site))
            #expect(try await store.wix(ofInstance: "bakery") == nil)
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `open for no other site, under no other key, and not when they were changed`(
        _ fixture: DatabaseFixture
    ) async throws {
        try await Newsroom.open(fixture) { room in
            let store = try Self.store(room, keys: [Self.old])
            try await store.set(Self.app, of: room.site)
            func refused(_ store: SiteCredentials, _ site: String) async throws -> BlogError.Code? {
                do { _ = try await store.wix(ofInstance: site) } catch let error as BlogError { return error.code }
                return nil
            }
            #expect(try await refused(Self.store(room, keys: [Self.new]), "bakery") == .credentialsUnreadable)
            #expect(
                try await refused(SiteCredentials(room.engine.database, vault: nil), "bakery") == .credentialsNoKey)

            // The row is put under another site.
            try await room.engine.database.transaction { transaction in
                _ = try transaction.execute("update site_credentials set tenant_id = \(room.other.tenant)")
            }
            #expect(try await refused(store, "garden") == .credentialsUnreadable)
            #expect(try await refused(store, "bakery") == nil)

            try await store.set(Self.app, of: room.site)
            let text = try await Self.sealed(room).compactMap { $0.split(separator: " ").last }.map(String.init)[0]
            for position in [0, 20, text.count - 5] {
                var signs = Array(text)
                signs[position] = signs[position] == "A" ? "B" : "A"
                let changed = String(signs)
                try await room.engine.database.transaction { transaction in
                    _ = try transaction.execute(
                        "update site_credentials set sealed = \(changed) where tenant_id = \(room.site.tenant)")
                }
                #expect(try await refused(store, "bakery") == .credentialsUnreadable)
            }
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `are sealed anew when there is a newer key`(_ fixture: DatabaseFixture) async throws {
        try await Newsroom.open(fixture) { room in
            try await Self.store(room, keys: [Self.old]).set(Self.app, of: room.site)
            try await Self.store(room, keys: [Self.old]).set(Self.app, of: room.other)
            let both = try Self.store(room, keys: [Self.new, Self.old])

            #expect(try await both.wix(ofInstance: "bakery") == Self.app)
            #expect(try await both.reseal() == 2)
            #expect(try await both.reseal() == 0)
            #expect(try await Self.store(room, keys: [Self.new]).wix(ofInstance: "garden") == Self.app)
            await #expect(throws: BlogError.self) {
                try await Self.store(room, keys: [Self.old]).wix(ofInstance: "garden")
            }
        }
    }

    @Test func `are never printed`() {
        #expect(!"\(Self.app)".contains("secret-of"))
        #expect(!String(reflecting: Self.app).contains("secret-of"))
    }

    @Test(arguments: [
        "", "# only a remark", "not base64!", Data(repeating: 1, count: 31).base64EncodedString(),
        "\(old)\nnonsense",
    ])
    func `need whole keys`(_ text: String) {
        #expect(CredentialVault(keys: text) == nil)
        #expect(CredentialVault(keys: "# today's\n\(Self.new)\n\n\(Self.old)\n") != nil)
    }

    @Test(arguments: [
        (#"{}"#, ["appId", "appSecret"]), (#"{"appId": "a b", "appSecret": "long enough"}"#, ["appId", "appSecret"]),
        (#"{"appId": "a", "appSecret": "short"}"#, ["appSecret"]),
        (#"{"appId": "a", "appSecret": "long-enough", "more": 1}"#, ["more"]),
    ])
    func `are refused without being repeated`(_ body: String, _ fields: [String]) {
        do {
            _ = try WixCredentials(reading: Array(body.utf8))
            Issue.record("it was taken")
        } catch {
            #expect(error.problems.map(\.field) == fields)
            #expect(!"\(error)".contains("long"))
        }
    }
}
