import Arena
import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import TestSupport
import Testing

@testable import Web

@Suite struct `Arena over HTTP` {
    @Test(arguments: DatabaseFixture.all)
    func `signs up, in, on and out`(_ fixture: DatabaseFixture) async throws {
        try await ArenaWorld.with(fixture) { world in
            let made = try await world.send(
                .post, "/auth/signup", #"{"email": "ada@example.org", "password": "correct horse"}"#)
            let again = try await world.send(
                .post, "/auth/signup", #"{"email": "ada@example.org", "password": "correct horse"}"#)
            let wrong = try await world.send(
                .post, "/auth/login", #"{"email": "ada@example.org", "password": "wrong horse"}"#)
            let unknown = try await world.send(
                .post, "/auth/login", #"{"email": "eve@example.org", "password": "wrong horse"}"#)
            let refresh = made.json["refresh_token"] as? String ?? ""
            let next = try await world.send(.post, "/auth/refresh", #"{"refresh_token": "\#(refresh)"}"#)
            let stolen = try await world.send(.post, "/auth/refresh", #"{"refresh_token": "\#(refresh)"}"#)

            #expect(made.status == 201)
            #expect(again.status == 409)
            #expect(again.code == "email.taken")
            #expect(wrong.status == 401)
            #expect(wrong.body == unknown.body)
            #expect(next.status == 200)
            #expect(stolen.status == 401)
            #expect(stolen.code == "session.reused")

            let token =
                try await world.send(
                    .post, "/auth/login", #"{"email": "ada@example.org", "password": "correct horse"}"#
                ).json["token"] as? String
            #expect(try await world.send(.get, "/me/quota", as: token).status == 200)
            #expect(try await world.send(.post, "/auth/logout", as: token).status == 204)
            #expect(try await world.send(.get, "/me/quota", as: token).code == "token.invalid")
            #expect(try await world.send(.get, "/me/quota").code == "sign_in.required")
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `drafts, approves, replies and shows the thread with its summary`(_ fixture: DatabaseFixture) async throws {
        try await ArenaWorld.with(fixture) { world in
            let (ada, bob) = (try await world.token("ada"), try await world.token("bob"))
            let (stoic, cynic) = (try await world.persona("Stoic", ada), try await world.persona("Cynic", bob))
            let draft = try await world.send(
                .post, "/rooms/kitchen/posts/draft", #"{"persona_id": "\#(stoic)", "hint": "soup"}"#, as: ada)
            let id = draft.json["id"] as? String ?? ""

            #expect(draft.status == 201)
            #expect(draft.headers[.location] == "/posts/\(id)")
            #expect(draft.json["status"] as? String == "DRAFT")
            #expect(draft.json["label"] as? String == "AI-generated")
            #expect(try await world.send(.get, "/posts/\(id)", as: bob).status == 404)
            #expect(try await world.send(.post, "/posts/\(id)/approve", as: bob).status == 404)

            let approved = try await world.send(.post, "/posts/\(id)/approve", "{}", as: ada)
            #expect(approved.json["authored_by"] as? String == "AI_DRAFT_APPROVED")
            #expect(try await world.send(.post, "/posts/\(id)/approve", as: ada).code == "post.wrong_state")

            let asked = try await world.send(
                .post, "/posts/\(id)/generate-replies", #"{"persona_ids": ["\#(cynic)"]}"#, as: bob)
            #expect(asked.status == 202)
            #expect(asked.json["enqueued"] as? Int == 1)
            #expect(
                try await world.send(.post, "/posts/\(id)/replies", #"{"content": "By hand."}"#, as: bob).status == 201)
            let thread = try await world.poll("/posts/\(id)/thread") {
                ($0.json["replies"] as? [Any])?.count == 2
            }
            let calls = await world.model.counter.count
            #expect((thread.json["summary"] as? [String: Any])?["state"] as? String == "generating")
            #expect(calls == 2)  // Strangers cost nothing.

            let summarised = try await world.poll("/posts/\(id)/thread", as: ada) {
                ($0.json["summary"] as? [String: Any])?["state"] as? String == "fresh"
            }
            _ = try await world.send(.get, "/posts/\(id)/thread", as: bob)
            #expect((summarised.json["summary"] as? [String: Any])?["text"] != nil)
            #expect(await world.model.counter.count == 3)
            let notices = try await world.send(.get, "/notifications", as: ada)
            #expect(notices.json["unread_count"] as? Int == 1)
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `previews two texts, and says when the day's are used up`(_ fixture: DatabaseFixture) async throws {
        try await ArenaWorld.with(fixture, { $0.previewQuota = 1 }) { world in
            let ada = try await world.token("ada")
            let persona = try await world.persona("Stoic", ada)
            let preview = try await world.send(.post, "/personas/\(persona)/preview?room_id=kitchen", as: ada)
            let refused = try await world.send(.post, "/personas/\(persona)/preview", as: ada)

            #expect(preview.status == 200)
            #expect((preview.json["drafts"] as? [Any])?.count == 2)
            #expect((preview.json["quota"] as? [String: Any])?["used"] as? Int == 1)
            #expect(refused.status == 429)
            #expect(refused.headers[.retryAfter] != nil)
            #expect((refused.json["quota"] as? [String: Any])?["resets_at"] != nil)
            #expect(await world.model.counter.count == 2)
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `answers with an operation when the caller would rather not wait`(_ fixture: DatabaseFixture) async throws {
        try await ArenaWorld.with(fixture) { world in
            let (ada, bob) = (try await world.token("ada"), try await world.token("bob"))
            let persona = try await world.persona("Stoic", ada)
            let draft = try await world.send(
                .post, "/rooms/kitchen/posts/draft", #"{"persona_id": "\#(persona)"}"#, as: ada,
                headers: [HTTPField.Name("Prefer")!: "respond-async"])
            let path = draft.headers[.location] ?? ""

            #expect(draft.status == 202)
            #expect(try await world.send(.get, path, as: bob).status == 404)
            let done = try await world.poll(path, as: ada) { $0.json["status"] as? String == "DONE" }
            #expect((done.json["result_url"] as? String)?.hasPrefix("/posts/") == true)
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `fights a battle, takes votes and a remix`(_ fixture: DatabaseFixture) async throws {
        try await ArenaWorld.with(fixture) { world in
            let (ada, bob) = (try await world.token("ada"), try await world.token("bob"))
            _ = (try await world.persona("Stoic", ada), try await world.persona("Guest", bob))
            let begun = try await world.send(
                .post, "/rooms/kitchen/battles", #"{"topic": "Tea or coffee"}"#, as: ada)
            let id = begun.json["battle_id"] as? String ?? ""
            #expect(begun.status == 201)

            let ended = try await world.poll("/battles/\(id)") { $0.json["status"] as? String == "COMPLETE" }
            #expect((ended.json["turns"] as? [Any])?.count == 6)
            let vote = try await world.send(.post, "/battles/\(id)/vote", #"{"choice": "a"}"#)
            #expect((vote.json["votes"] as? [String: Any])?["a"] as? Int == 1)
            let intent = try await world.send(.post, "/battles/\(id)/remix-intent")
            let token = intent.json["remix_token"] as? String ?? ""
            let body = #"{"topic": "Tea or water", "remix_token": "\#(token)"}"#
            #expect(try await world.send(.post, "/rooms/kitchen/battles", body).status == 401)
            let remix = try await world.send(.post, "/rooms/kitchen/battles", body, as: bob)
            #expect(remix.json["remixed_from"] as? String == id)
            #expect(try await world.send(.post, "/rooms/kitchen/battles", body, as: bob).code == "remix.token_used")
            #expect(try await world.send(.post, "/battles/\(id)/cancel", as: ada).code == "battle.wrong_state")

            let meta = try await world.send(.get, "/b/\(id)/meta")
            let known = try await world.send(.get, "/b/\(id)/meta", headers: [.ifNoneMatch: meta.headers[.eTag] ?? ""])
            #expect(meta.headers[.cacheControl]?.contains("s-maxage=60") == true)
            #expect(known.status == 304)
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `draws a battle's card, which changes with the battle`(_ fixture: DatabaseFixture) async throws {
        try await ArenaWorld.with(fixture) { world in
            let ada = try await world.token("ada")
            _ = try await world.persona("Stoic", ada)
            _ = try await world.persona("Cynic", ada)
            let begun = try await world.send(.post, "/rooms/kitchen/battles", #"{"topic": "Tea or coffee"}"#, as: ada)
            let path = begun.json["card_url"] as? String ?? ""
            let early = try await world.client.executeRequest(uri: path, method: .get, headers: [:], body: nil)
            _ = try await world.poll("/battles/\(begun.json["battle_id"] as? String ?? "")") {
                $0.json["status"] as? String == "COMPLETE"
            }
            let card = try await world.client.executeRequest(uri: path, method: .get, headers: [:], body: nil)
            let tag = try #require(card.headers[.eTag])
            let again = try await world.client.executeRequest(
                uri: path, method: .get, headers: [.ifNoneMatch: tag], body: nil)

            #expect(card.status == .ok)
            #expect(card.headers[.contentType] == "image/png")
            #expect(card.headers[.cacheControl] == "public, max-age=300")
            #expect(card.headers[.rateLimitPolicy]?.contains("public_read") == true)
            #expect(Array(card.body.readableBytesView.prefix(8)) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
            #expect(early.headers[.eTag] != tag, "the verdict stands on it now")
            #expect(again.status == .notModified && again.body.readableBytes == 0)
            #expect(try await world.send(.get, "/b/no-battle/card.png").status == 404)
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `shows a profile without its calibration, and lets others follow`(_ fixture: DatabaseFixture) async throws {
        try await ArenaWorld.with(fixture) { world in
            let (ada, bob) = (try await world.token("ada"), try await world.token("bob"))
            let persona =
                try await world.send(
                    .post, "/personas", #"{"name": "Ada Löw", "do_not_say": ["secret word"]}"#, as: ada
                ).json["id"] as? String ?? ""
            #expect(try await world.send(.get, "/p/ada-low").status == 404)
            let published = try await world.send(.post, "/personas/\(persona)/publish-profile", as: ada)
            let page = try await world.send(.get, "/p/ada-low")

            #expect(published.json["share_url"] as? String == "/p/ada-low")
            #expect(page.status == 200)
            #expect(!page.body.contains("secret word"))
            #expect(try await world.send(.post, "/p/ada-low/follow").code == "signup_required")
            #expect(try await world.send(.post, "/p/ada-low/follow", as: ada).status == 409)
            let followed = try await world.send(.post, "/p/ada-low/follow", as: bob)
            #expect(followed.json["followers"] as? Int == 1)
            #expect(try await world.send(.delete, "/p/ada-low/follow", as: bob).json["followers"] as? Int == 0)
            #expect(try await world.send(.get, "/notifications", as: ada).json["unread_count"] as? Int == 1)
            #expect(try await world.send(.post, "/notifications/read-all", as: ada).json["updated"] as? Int == 1)
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `counts events that are known, and none that only the server may`(_ fixture: DatabaseFixture) async throws {
        try await ArenaWorld.with(fixture) { world in
            let known = try await world.send(
                .post, "/events", #"{"event_name": "daily_return", "metadata": {"content": "private"}}"#)
            #expect(known.status == 202)
            #expect(
                try await world.send(.post, "/events", #"{"event_name": "battle_voted"}"#).code == "event.server_only")
            #expect(try await world.send(.post, "/events", #"{"event_name": "made_up"}"#).status == 400)
        }
    }

    @Test func `refuses what it cannot read, with a code`() async throws {
        try await ArenaWorld.with(.sqlite) { world in
            let ada = try await world.token("ada")
            for (path, body, status, code) in [
                ("/personas", "[]", 400, "request.malformed"),
                ("/personas", #"{"nam": "x"}"#, 422, "validation.failed"),
                ("/rooms/nowhere/posts", #"{"content": "x"}"#, 404, "room.not_found"),
                (
                    "/rooms/kitchen/posts", #"{"content": "\#(String(repeating: "x", count: 501))"}"#, 422,
                    "validation.failed"
                ),
                ("/posts/none/approve", "{}", 404, "post.not_found"),
                ("/personas", "{\"bio\": \"\(String(repeating: "x", count: 70_000))\"}", 413, "request.too_large"),
            ] {
                let answer = try await world.send(.post, path, body, as: ada)
                #expect(answer.status == status, "\(path)")
                #expect(answer.code == code, "\(path)")
            }
            #expect(try await world.send(.put, "/personas", "{}", as: ada).status == 405)
            #expect(try await world.send(.get, "/rooms/kitchen/posts?sort=worst").code == "request.invalid_query")
            #expect(try await world.send(.get, "/rooms/kitchen/posts?cursor=x").code == "cursor.invalid")
        }
    }
}
