import Arena
import Foundation

/// Who plays in the demo's room, and what is said: `Examples/demo/arena.json`.
struct ArenaCast: Sendable {
    struct Person: Sendable {
        let name: String
        let timeZone: String
        let personas: [PersonaForm]
    }
    struct Opening: Sendable {
        let room: String
        let form: PostForm
        /// What its author answers in the end.
        let answer: String
    }
    let people: [Person]
    let battleRoom: String
    let battle: BattleForm
    let opening: Opening

    static func load() throws -> ArenaCast {
        let path = try DemoScript.examples() + "/demo/arena.json"
        do {
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            return try ArenaCast(decoder.decode(Script.self, from: Data(contentsOf: URL(filePath: path))))
        } catch {
            throw CommandError("demo.examples_unreadable", "\(path) cannot be read: \(error)", status: .data)
        }
    }

    fileprivate init(_ script: Script) throws {
        people = script.people.map { person in
            Person(
                name: person.name, timeZone: person.timeZone,
                personas: person.personas.map { entry in
                    var form = PersonaForm(name: entry.name)
                    form.bio = entry.bio
                    form.tone = entry.tone
                    form.language = entry.language
                    form.doNotSay = entry.doNotSay
                    form.catchphrases = entry.catchphrases
                    form.formality = entry.formality
                    form.talkativeness = entry.talkativeness
                    return form
                })
        }
        battleRoom = script.battle.room
        var battle = BattleForm(topic: script.battle.topic)
        battle.proStyle = script.battle.proStyle
        battle.conStyle = script.battle.conStyle
        self.battle = battle
        opening = Opening(
            room: script.post.room, form: PostForm(content: script.post.content), answer: script.post.answer)
        guard people.count == 2, people.allSatisfy({ !$0.personas.isEmpty }), people[0].personas.count > 1 else {
            throw CommandError("demo.examples_unreadable", "Two people are needed, the first with two personas.")
        }
    }
}

/// The file as it is written.
private struct Script: Decodable {
    struct Person: Decodable {
        let name: String
        let timeZone: String
        let personas: [Persona]
    }
    struct Persona: Decodable {
        let name: String
        let bio: String
        let tone: String
        let language: String
        let doNotSay: [String]?
        let catchphrases: [String]?
        let formality: Int?
        let talkativeness: Int?
    }
    struct Battle: Decodable {
        let room: String
        let topic: String
        let proStyle: String
        let conStyle: String
    }
    struct Post: Decodable {
        let room: String
        let content: String
        let answer: String
    }
    let people: [Person]
    let battle: Battle
    let post: Post
}
