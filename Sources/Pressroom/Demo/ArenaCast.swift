import Arena
import Foundation

/// Who plays in the demo's room, and what is said: `Examples/demo/arena.json`. Personas, battle and post stand there as
/// people send them, and are read by what reads people's requests.
struct ArenaCast: Sendable {
    struct Person: Sendable {
        let name: String
        let timeZone: String
        let personas: [PersonaForm]
    }
    let people: [Person]
    let battleRoom: String
    let battle: BattleForm
    let postRoom: String
    let post: PostForm
    /// What the post's author answers in the end.
    let answer: String

    static func load() throws -> ArenaCast {
        let path = try DemoScript.examples() + "/demo/arena.json"
        do { return try ArenaCast(JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: path)))) } catch {
            throw CommandError("demo.examples_unreadable", "\(path) cannot be read: \(error)", status: .data)
        }
    }

    private init(_ object: Any) throws {
        let script = try Part(object)
        people = try script.parts("people").map { person in
            Person(
                name: try person.text("name"), timeZone: try person.text("time_zone"),
                personas: try person.parts("personas").map { try PersonaForm.read($0.bytes, isNew: true) })
        }
        guard people.count == 2, people.allSatisfy({ !$0.personas.isEmpty }), people[0].personas.count > 1 else {
            throw Unplayable(what: "two people are needed, the first with two personas")
        }
        let (battle, post) = (try script.part("battle"), try script.part("post"))
        battleRoom = try battle.text("room")
        self.battle = try BattleForm.read(battle.part("form").bytes)
        postRoom = try post.text("room")
        self.post = try PostForm.read(post.part("form").bytes)
        answer = try post.text("answer")
    }
}

/// Why the demo cannot be played by what stands in the file.
private struct Unplayable: Error, CustomStringConvertible {
    let what: String
    var description: String { what }
}

/// An object of the file.
private struct Part {
    private let members: [String: Any]

    init(_ value: Any?) throws {
        guard let members = value as? [String: Any] else { throw Unplayable(what: "an object is missing") }
        self.members = members
    }

    func part(_ name: String) throws -> Part { try Part(members[name]) }

    func parts(_ name: String) throws -> [Part] { try (members[name] as? [Any] ?? []).map(Part.init) }

    func text(_ name: String) throws -> String {
        guard let text = members[name] as? String else { throw Unplayable(what: "\(name) is missing") }
        return text
    }

    /// As somebody would send it.
    var bytes: [UInt8] { get throws { Array(try JSONSerialization.data(withJSONObject: members)) } }
}
