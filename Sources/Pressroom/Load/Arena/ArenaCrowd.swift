import Arena
import Foundation
import HTTPTypes
import Outbound

/// Who takes part in a load run, and what they have published: all of it made by requests.
struct ArenaCrowd: Sendable {
    struct Persona: Sendable {
        let id: PersonaID
        /// Its owner's.
        let token: Secret
    }
    let personas: [Persona]
    let posts: [PostID]
    /// The address of the first persona's profile.
    let profile: String
    /// One that has ended.
    let battle: PostID

    private static let rooms = ["technology", "philosophy", "kitchen", "culture"]
    private static let atOnce = 8
    private static let battlePatience = Duration.seconds(120)

    /// - Throws: ``CommandError`` `load.answer` when something cannot be made; `load.stuck` when the battle does not end.
    static func gather(for plan: ArenaLoad, by client: ArenaClient) async throws -> ArenaCrowd {
        let tokens = try await (0..<min(ArenaLoad.playersMax, plan.personas)).concurrentMap(atOnce: atOnce) { _ in
            try await signUp(by: client)
        }
        let personas = try await (0..<plan.personas).concurrentMap(atOnce: atOnce) { number in
            let token = tokens[number % tokens.count]
            return Persona(id: try await makePersona(number, token, by: client), token: token)
        }
        let posts = try await (0..<plan.posts).concurrentMap(atOnce: atOnce) { number in
            try await publish(number, tokens[number % tokens.count], by: client)
        }
        struct Profile: Decodable { let slug: String }
        let profile: Profile = try await client.send(
            .post, "personas/\(personas[0].id)/publish-profile", token: personas[0].token, body: [String: String]()
        ).value()
        return ArenaCrowd(
            personas: personas, posts: posts, profile: profile.slug,
            battle: try await fight(tokens[0], by: client))
    }

    private static func signUp(by client: ArenaClient) async throws -> Secret {
        struct SignedIn: Decodable { let token: String }
        let form = ["email": "\(UUID().uuidString.lowercased())@load.example", "password": UUID().uuidString]
        return Secret(try await client.send(.post, "auth/signup", body: form).value(SignedIn.self, status: 201).token)
    }

    private static func makePersona(
        _ number: Int, _ token: Secret, by client: ArenaClient
    ) async throws -> PersonaID {
        struct Made: Decodable { let id: PersonaID }
        let form = [
            "name": "Persona \(number)", "bio": "Has an opinion on everything, and gives it number \(number).",
            "tone": number.isMultiple(of: 2) ? "dry" : "warm", "language": "en",
        ]
        return try await client.send(.post, "personas", token: token, body: form).value(Made.self, status: 201).id
    }

    private static func publish(_ number: Int, _ token: Secret, by client: ArenaClient) async throws -> PostID {
        struct Made: Decodable { let id: PostID }
        let form = ["content": "Question \(number): what would you rather do without, and what would you miss first?"]
        let room = rooms[number % rooms.count]
        return try await client.send(.post, "rooms/\(room)/posts", token: token, body: form)
            .value(Made.self, status: 201).id
    }

    private static func fight(_ token: Secret, by client: ArenaClient) async throws -> PostID {
        struct Battle: Decodable {
            let id: PostID
            let status: String
            private enum CodingKeys: String, CodingKey {
                case status
                case id = "battle_id"
            }
        }
        let form = ["topic": "Is a limit a promise?"]
        let begun: Battle = try await client.send(.post, "rooms/philosophy/battles", token: token, body: form)
            .value(status: 201)
        let deadline = Surroundings.clock.now + battlePatience
        while Surroundings.clock.now < deadline {
            let now: Battle = try await client.send(.get, "battles/\(begun.id)").value()
            if !["QUEUED", "RUNNING", "JUDGING"].contains(now.status) { return begun.id }
            try await Surroundings.clock.sleep(for: .milliseconds(200))
        }
        throw CommandError("load.stuck", "The battle does not end.", status: .software)
    }
}
