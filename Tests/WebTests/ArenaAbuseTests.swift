import Arena
import Database
import Engine
import Foundation
import HTTPTypes
import HummingbirdTesting
import TestSupport
import Testing

@testable import Web

/// What nobody sends by mistake.
@Suite struct `Arena under abuse` {
    @Test(arguments: DatabaseFixture.all, lists)
    func `refuses a made-up cursor, and reads from any that it takes`(
        _ fixture: DatabaseFixture, _ list: (path: String, name: String)
    ) async throws {
        try await ArenaWorld.with(fixture) { world in
            let ada = try await world.token("ada")
            let (path, name) = try await world.known(list, ada)
            func read(_ value: String, _ id: String = "x", of list: String) async throws -> Answer {
                let cursor = Data(#"{"id": "\#(id)", "list": "\#(list)", "value": \#(value)}"#.utf8)
                let text = cursor.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
                let mark = path.contains("?") ? "&" : "?"
                return try await world.send(.get, "\(path)\(mark)cursor=\(text.replacing("=", with: ""))", as: ada)
            }

            for value in Self.wildValues {
                let answer = try await read(value, of: name)
                #expect(answer.status == 400 && answer.code == "cursor.invalid", "\(value)")
            }
            for id in [#"\u0000"#, #"a\u001fb"#, "é", String(repeating: "x", count: 65)] {
                let answer = try await read("0", id, of: name)
                #expect(answer.status == 400 && answer.code == "cursor.invalid", "\(id)")
            }
            #expect(try await read("0", of: "another").code == "cursor.invalid")
            for value in ["-127000000000000", "0", "127000000000000"] {
                #expect(try await read(value, of: name).status == 200, "\(value)")
            }
        }
    }

    /// Every list that has pages, and what its cursors call it.
    static let lists = [
        ("/rooms/kitchen/posts", "room:{room}:new"), ("/rooms/kitchen/posts?sort=hot", "room:{room}:hot"),
        ("/rooms/kitchen/posts?status=draft", "drafts"), ("/p/voice/posts", "profile:{persona}"),
        ("/posts/{post}/thread", "thread:{post}"), ("/trending", "trending:7:"), ("/feed", "feed"),
        ("/templates", "templates:"), ("/notifications", "notifications"),
        ("/notifications?unread=true", "notifications:unread"), ("/admin/reports", "reports"),
    ]

    /// Beyond what a database can read as a time, beyond what can be negated, and no whole numbers at all.
    static let wildValues = [
        "-9223372036854775808", "9223372036854775807", "-9223372036854775809", "1e300", "-127000000000001",
        "127000000000001", "0.5", "null", #""1""#,
    ]

    @Test(arguments: DatabaseFixture.all)
    func `refuses a NUL wherever something is named`(_ fixture: DatabaseFixture) async throws {
        try await ArenaWorld.with(fixture) { world in
            let ada = try await world.token("ada")
            for path in [
                "/rooms/kitchen/posts?sort=%00", "/rooms/kitchen/posts?sort=new%00", "/rooms/kitchen/posts?cursor=%00",
                "/rooms/kitchen/posts?limit=1%00", "/rooms/kitchen/posts?status=draft%00",
                "/rooms/kitchen/posts?%00=1", "/trending?window=%00", "/trending?room=%00", "/trending?room=kitchen%00",
                "/templates?limit=%00", "/notifications?cursor=%00", "/feed?limit=%00", "/rooms/%00",
                "/rooms/%00/posts",
                "/p/%00", "/p/a%00b/posts", "/posts/%00", "/posts/%00/thread", "/b/%00/meta", "/operations/%00",
            ] {
                let answer = try await world.send(.get, path, as: ada)
                #expect((400..<500).contains(answer.status), "\(path): \(answer.status)")
                #expect(answer.code != nil, "\(path)")
            }
            // What is looked for in a name may be anything; it is in none.
            let search = try await world.send(.get, "/templates?q=%00")
            #expect(search.status == 200)
            #expect((search.json["items"] as? [Any])?.isEmpty == true)
            let body = #"{"content": "a\u0000b"}"#
            #expect(try await world.send(.post, "/rooms/kitchen/posts", body, as: ada).code == "validation.failed")
            let mail = #"{"email": "a\u0000@example.org", "password": "correct horse"}"#
            #expect(try await world.send(.post, "/auth/signup", mail).code == "validation.failed")
            #expect(try await world.send(.post, "/auth/login", mail).status < 500)
        }
    }

    /// Whoever sends credentials is not counted as a stranger, so that credentials which open nothing must get nowhere.
    @Test(arguments: DatabaseFixture.all)
    func `lets no strange credential past the limit on strangers`(_ fixture: DatabaseFixture) async throws {
        try await ArenaWorld.with(fixture) { world in
            let ada = try await world.token("ada")
            _ = try await world.persona("Stoic", ada)
            let battle = try await world.send(.post, "/rooms/kitchen/battles", #"{"topic": "Tea or coffee"}"#, as: ada)
            let id = battle.json["battle_id"] as? String ?? ""
            _ = try await world.poll("/battles/\(id)") { $0.json["status"] as? String == "COMPLETE" }
            let deeds = [
                ("/battles/\(id)/vote", #"{"choice": "a"}"#), ("/battles/\(id)/remix-intent", "{}"),
                ("/events", #"{"event_name": "daily_return"}"#),
                ("/reports", #"{"target_kind": "post", "target_id": "\#(id)", "category": "spam"}"#),
            ]
            let before = try await world.traces()
            for credential in ["Basic YWRhOmFkYQ==", "Bearer", "Bearer x", "x", ""] {
                for (path, body) in deeds {
                    let answer = try await world.send(.post, path, body, headers: [.authorization: credential])
                    #expect(answer.status == 401 && answer.code == "token.invalid", "\(credential): \(path)")
                }
            }

            #expect(try await world.traces() == before)
            // The deeds themselves would have left something.
            _ = try await world.send(.post, deeds[0].0, deeds[0].1)
            #expect(try await world.traces() != before)
        }
    }
}

extension ArenaWorld {
    /// A list whose path and name are of things that are there, read by a moderator.
    fileprivate func known(_ list: (path: String, name: String), _ token: String) async throws -> (String, String) {
        _ = try await Accounts.grant(.moderator, to: "ada@example.org", on: engine)
        let persona = try await persona("Voice", token)
        _ = try await send(.post, "/personas/\(persona)/publish-profile", as: token)
        let post = try await send(.post, "/rooms/kitchen/posts", #"{"content": "Hm."}"#, as: token).json
        func filled(_ text: String) -> String {
            text.replacing("{room}", with: post["room_id"] as? String ?? "")
                .replacing("{post}", with: post["id"] as? String ?? "").replacing("{persona}", with: persona)
        }
        return (filled(list.path), filled(list.name))
    }

    /// What strangers can leave behind.
    fileprivate func traces() async throws -> Int? {
        try await engine.database.read { transaction in
            try transaction.value(
                """
                select (select count(*) from battle_votes) + (select count(*) from events)
                     + (select count(*) from reports)
                """)
        }
    }
}
