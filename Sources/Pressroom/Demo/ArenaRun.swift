import Arena
import Foundation

/// What `demo --arena` answers with `--json`.
struct ArenaResult: Encodable, Sendable {
    let personas: Int
    let battle: String
    let battleStatus: String
    let winner: String?
    let turns: Int
    let replies: Int
    let summary: String?
    let seconds: Double
}

/// One play of the second product: two people sign up, their personas battle, a question is answered by all of them, and
/// the thread is summarised. Everything goes the way that requests go; each play has people of its own.
struct ArenaRun: Sendable {
    let arena: Arena
    let cast: ArenaCast
    /// Nothing is told but the result.
    let isQuiet: Bool

    /// Far longer than any of it takes, even at the sandbox's own speed.
    static let patience = Duration.seconds(120)
    static let look = Duration.milliseconds(200)

    func say(_ line: String) { if !isQuiet { TextReport.print(line) } }

    private struct Player {
        let member: Member
        let personas: [Persona]
    }

    func play() async throws -> ArenaResult {
        let began = Surroundings.clock.now
        var players: [Player] = []
        for person in cast.people { players.append(try await signUp(person)) }
        let battle = try await fight(players[0])
        let thread = try await talk(players)
        return ArenaResult(
            personas: players.map(\.personas.count).reduce(0, +), battle: "\(battle.battle.id)",
            battleStatus: battle.battle.status.rawValue, winner: battle.battle.verdict?.winner.rawValue,
            turns: battle.turns.count, replies: thread.replies.count, summary: thread.summary.text,
            seconds: DemoRun.seconds(since: began))
    }

    private func signUp(_ person: ArenaCast.Person) async throws -> Player {
        let form = try JSONEncoder().encode([
            "email": "\(person.name.lowercased())-\(UUID().uuidString.prefix(8))@demo.example",
            "password": UUID().uuidString, "display_name": person.name, "time_zone": person.timeZone,
        ])
        let signedIn = try await arena.accounts.signUp(SignUp.read(Array(form)))
        let member = try await arena.accounts.authenticate(signedIn.token)
        var personas: [Persona] = []
        for form in person.personas { personas.append(try await arena.personas.create(form, for: member)) }
        say("\(person.name) signs up with \(personas.map(\.name).joined(separator: " and ")).")
        return Player(member: member, personas: personas)
    }

    private func fight(_ player: Player) async throws -> BattleDetail {
        var form = cast.battle
        (form.personaA, form.personaB) = (player.personas[0].id, player.personas[1].id)
        say("\nBattle in \(cast.battleRoom): “\(form.topic)”")
        let begun = try await arena.battles.create(form, in: cast.battleRoom, by: player.member, traceID: nil)
        let ended = try await until("the battle") {
            let now = try await arena.battles.find(begun.battle.id)
            return now.battle.status.hasEnded ? now : nil
        }
        for turn in ended.turns { say("  \(turn.personaName): \(turn.content)") }
        if let verdict = ended.battle.verdict {
            say("  Verdict (\(verdict.winner.rawValue)): \(verdict.verdict)")
            for takeaway in verdict.takeaways { say("    · \(takeaway)") }
        }
        return ended
    }

    /// The second person asks, all personas reply, the first person's and the second's own.
    private func talk(_ players: [Player]) async throws -> ThreadPage {
        let author = players[1].member
        let post = try await arena.posts.write(cast.post, in: cast.postRoom, by: author)
        say("\nPost in \(cast.postRoom): “\(post.content)”")
        for player in players {
            let asked = try await arena.replies.generate(
                for: post.id, by: player.personas.map(\.id), caller: player.member, traceID: nil)
            for id in asked.jobs.compactMap(\.operationID) {
                _ = try await arena.operations.wait(for: id, of: player.member, patience: Self.patience)
            }
        }
        _ = try await arena.replies.write(cast.answer, to: post.id, by: author)
        let thread = try await until("the summary") {
            let now = try await arena.threads.read(post.id, PageRequest(limit: 100), for: author, traceID: nil)
            return now.summary.state == .fresh || now.summary.state == .failed ? now : nil
        }
        for reply in thread.replies { say("  \(reply.persona?.name ?? "A person"): \(reply.content)") }
        if let text = thread.summary.text { say("  In short: \(text)") }
        return thread
    }

    /// Looks until there is something to see.
    private func until<Value: Sendable>(
        _ what: String, _ look: () async throws -> Value?
    ) async throws -> Value {
        let deadline = Surroundings.clock.now + Self.patience
        while Surroundings.clock.now < deadline {
            if let value = try await look() { return value }
            try await Surroundings.clock.sleep(for: Self.look)
        }
        throw CommandError("demo.stuck", "Waited \(Self.patience) for \(what).", status: .software)
    }
}
