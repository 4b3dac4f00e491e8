import Testing

@testable import Sandbox

@Suite struct `A text in a persona's voice` {
    private func ask(_ name: String, _ data: [String], seed: UInt64 = 1) throws -> JSONValue {
        let prompt = (["Write.", "BEGIN DATA"] + data + ["END DATA"]).joined(separator: "\n")
        return try #require(
            VoiceWriter.answer(to: name, messages: [.init(role: "user", text: prompt)], seed: seed))
    }

    @Test func `is about what it answers, in the language that was asked for, and says where it is from`() throws {
        let answer = try ask("arena_reply", ["Language: tr", "Post (Written by a person): Sourdough is a lifestyle."])
        let text = try #require(answer["text"]?.text)

        #expect(text.contains("lifestyle") || text.contains("sourdough"))
        #expect(text.hasSuffix(VoiceWriter.mark))
        #expect(text.count <= 280)
        #expect(answer["language"]?.text == "tr")
    }

    @Test func `leaves out what the persona never says`() throws {
        for seed in 0..<200 as Range<UInt64> {
            let answer = try ask(
                "arena_post", ["Room: Kitchen: bread", "Persona never says: habit", "Persona never says: nobody"],
                seed: seed)
            let text = try #require(answer["text"]?.text).lowercased()

            #expect(!text.contains("habit") && !text.contains("nobody"))
        }
    }

    @Test func `does not repeat what the prompt shows`() throws {
        var before: [String] = []
        for seed in 0..<6 as Range<UInt64> {
            let answer = try ask(
                "arena_post", ["Room: Kitchen: bread"] + before.map { "Persona wrote before: \($0)" }, seed: seed)
            let text = try #require(answer["text"]?.text)
            let opening = String(text.prefix { $0 != "." })

            #expect(!before.contains { $0.hasPrefix(opening) })
            before.append(text)
        }
    }

    @Test func `is written for every turn that is asked for, and no other`() throws {
        let answer = try ask("arena_turns", ["Topic: Is tea better than coffee", "Turns to write: 5, 6, 7, 8"])
        let turns = try #require(answer["turns"]?.items)

        #expect(turns.compactMap { $0["turn"]?.whole } == [5, 6, 7, 8])
        let sentences = turns.flatMap {
            ($0["content"]?.text ?? "").split(separator: ". ").filter { $0 != VoiceWriter.mark }
        }
        #expect(Set(sentences).count == sentences.count)
        #expect(turns.allSatisfy { ($0["content"]?.text ?? "").split(separator: " ").count <= 60 })
    }

    @Test func `judges with three takeaways, however short the debate was`() throws {
        for turns in [[], ["Turn 1 of a: One. Two.", "Turn 2 of b: Three."]] {
            let answer = try ask("arena_verdict", ["Side a: Stoic", "Side b: Cynic"] + turns)

            #expect(["a", "b", "tie"].contains(answer["winner"]?.text))
            #expect(answer["takeaways"]?.items?.count == 3)
        }
    }

    @Test func `is left to others when it is asked for something else`() {
        #expect(VoiceWriter.answer(to: "ideas", messages: [], seed: 1) == nil)
    }
}
