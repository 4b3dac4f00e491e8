import Blog
import Database
import DatabaseSQLite
import Engine
import Foundation
import Outbound
import ProductKit
import Providers
import Sandbox

@testable import Arena
@testable import Simulation

/// Somebody with thousands of replies in the queue, and others who ask for one each: Arena's own verbs and workers under
/// the virtual clock, with the pools of production and the sandbox's core behind them.
struct ReplyCrowd {
    /// Posts of the one who has many; each is to be replied to by fifty personas.
    var posts = 100
    var singles = 20
    /// Everybody's jobs belong to one tenant, as if there were no turns.
    var isOneTenant = false

    struct Outcome {
        /// From asking until the reply is there, of those who asked for one.
        let waits: [Double]
        /// Of the many, what had not been written by then.
        let queued: Int
        let refusals: Int

        var mean: Double { waits.reduce(0, +) / Double(waits.count) }
        var longest: Double { waits.max() ?? 0 }
    }

    func run() throws -> Outcome { try ReplyCrowdRun(self).run() }
}

private final class ReplyCrowdRun {
    private let crowd: ReplyCrowd
    private let simulation = Simulation(seed: 1)
    private let world: ReplyWorld
    private let server = ServerState()

    init(_ crowd: ReplyCrowd) throws {
        self.crowd = crowd
        world = try ReplyWorld(simulation)
    }

    func run() throws -> ReplyCrowd.Outcome {
        let (world, server, crowd) = (world, server, crowd)
        simulation.start("server") { process in
            do { try await world.serve(crowd, as: process, server) } catch { server.fail("\(error)") }
        }
        guard simulation.run(until: { server.isReady || server.failure != nil }), server.failure == nil else {
            throw ReplyWorld.Stuck(what: server.failure ?? "the queue was not filled")
        }
        for number in 1...2 {
            simulation.start("worker-\(number)") { process in
                do { try await world.work(as: process) } catch { server.fail("\(error)") }
            }
        }
        let begin = simulation.now
        _ = simulation.run {
            server.hasSubmittedAll || server.failure != nil || simulation.now - begin > .seconds(3600)
        }
        if let failure = server.failure { throw ReplyWorld.Stuck(what: failure) }
        let outcome = try world.outcome
        simulation.bury()
        return outcome
    }
}

/// What the simulated processes share.
private struct ReplyWorld: Sendable {
    struct Stuck: Error { let what: String }

    let database: InlineHosted<SQLiteConnection>
    let providers: SimulatedProviders
    let wakeUps = WakeUpLine()
    let workers = WorkerSessions()
    let wallClock: @Sendable () -> Date

    init(_ simulation: Simulation) throws {
        database = InlineHosted(
            try SQLiteConnection(
                SQLiteConfiguration(
                    path: SQLiteConfiguration.memory, now: { simulation.wallMilliseconds },
                    statementLimit: .seconds(3600))))
        var sandbox = Scenario().sandbox
        sandbox.fixedLatency = true
        providers = SimulatedProviders(sandbox, in: simulation)
        wallClock = { Date(timeIntervalSince1970: simulation.wallMilliseconds / 1000) }
    }

    // MARK: Processes

    private func open(_ process: SimulatedProcess) async throws -> (engine: Engine, supplies: Supplies) {
        let random = RandomSource(Chance(seed: process.seed))
        let own = SimulatedDatabase(shared: database, process: process, random: random, line: DatabaseLine())
        var settings = Arena.Settings(tokenSecret: Array("a secret of the tests, long enough".utf8))
        settings.model = "gpt-6-luna"
        settings.replyQuota = 1_000
        settings.personasMax = 1_000
        let supplies = Supplies(settings: settings, random: random)
        let model = OpenAIClient(
            endpoint: OpenAIEndpoint(
                baseURL: try OutboundURL(SimulatedProviders.baseURL + "/v1"), key: Secret("simulated")),
            transport: SimulatedTransport(providers: providers, process: process, random: random), now: wallClock)
        var configuration = EngineConfiguration(
            database: own,
            notifications: SimulatedNotifications(line: wakeUps, process: process, random: random),
            workflows: Arena.workflows(supplies, database: own, languageModel: model), pools: BlogLimits().pools(),
            random: random, logger: process.logger())
        configuration.livingWorkers = { [workers] in workers.living }
        return (try await Engine.open(configuration), supplies)
    }

    func work(as process: SimulatedProcess) async throws {
        let engine = try await open(process).engine
        workers.begin(engine.incarnation, process)
        let configuration = WorkerConfiguration(name: process.name, version: "simulated")
        try await Worker(configuration, engine: engine, clock: process.clock).run()
    }

    func serve(_ crowd: ReplyCrowd, as process: SimulatedProcess, _ state: ServerState) async throws {
        try await Migrator(database, [EngineMigrations.source, ArenaMigrations.source]).up()
        let (engine, supplies) = try await open(process)
        let arena = try await Arena(
            engine: engine, supplies: supplies, clock: process.clock, logger: process.logger())
        let owner = try await person("owner", in: arena)
        try await fill(crowd.posts, of: owner, in: arena)
        let post = try await arena.posts.write(
            PostForm(content: "Is bread worth the wait?"), in: "kitchen", by: try await person("host", in: arena))
        let singles = try await people(crowd, like: owner, in: arena)
        state.becomeReady()
        try await process.clock.sleep(for: .seconds(20))
        // At odd moments, so that they meet the pool at every point of its pace.
        var chance = Chance(seed: 7)
        var asked: [(OperationID, Member)] = []
        for single in singles {
            try await process.clock.sleep(for: .seconds(3) + .seconds(2) * chance.unit())
            let answer = try await arena.replies.generate(for: post.id, by: [], caller: single, traceID: nil)
            guard let id = answer.jobs.first?.operationID else { throw Stuck(what: "\(answer)") }
            asked.append((id, single))
        }
        for (id, single) in asked {
            let ended = try await arena.operations.wait(for: id, of: single, patience: .seconds(1800))
            guard ended.status == .done else { throw Stuck(what: "\(ended)") }
        }
        state.submittedAll()
    }

    // MARK: People

    private static let personas = 50

    private func fill(_ posts: Int, of owner: Member, in arena: Arena) async throws {
        guard posts > 0 else { return }
        var personas: [PersonaID] = []
        for number in 0..<Self.personas {
            personas.append(try await arena.personas.create(PersonaForm(name: "Voice \(number)"), for: owner).id)
        }
        for number in 0..<posts {
            let post = try await arena.posts.write(
                PostForm(content: "Question \(number) of many"), in: "kitchen", by: owner)
            for first in stride(from: 0, to: personas.count, by: Replies.personasMax) {
                let some = Array(personas[first..<first + Replies.personasMax])
                let answer = try await arena.replies.generate(for: post.id, by: some, caller: owner, traceID: nil)
                guard answer.enqueued == some.count else { throw Stuck(what: "\(answer)") }
            }
        }
    }

    /// Those who ask for one reply each, with a persona.
    private func people(_ crowd: ReplyCrowd, like owner: Member, in arena: Arena) async throws -> [Member] {
        var people: [Member] = []
        for number in 0..<crowd.singles {
            var single = try await person("single \(number)", in: arena)
            _ = try await arena.personas.create(PersonaForm(name: "Lone voice \(number)"), for: single)
            if crowd.isOneTenant {
                single = Member(
                    id: single.id, tenant: owner.tenant, role: .user, timeZone: "UTC", session: single.session)
            }
            people.append(single)
        }
        return people
    }

    /// Without a password: nobody signs in here.
    private func person(_ name: String, in arena: Arena) async throws -> Member {
        try await database.transaction { transaction in
            let now = try transaction.instant()
            let id: UserID = arena.ids.next(at: now)
            let tenant = try arena.engine.ensureTenant(named: "user:\(id)", in: transaction).id
            try transaction.execute(
                """
                insert into users (id, tenant_id, email, password_hash, display_name, created_at, updated_at)
                values (\(id), \(tenant), \(name), '', \(name), \(timestamp: now.stored), \(timestamp: now.stored))
                """)
            return Member(id: id, tenant: tenant, role: .user, timeZone: "UTC", session: SessionID(rawValue: ""))
        }
    }

    // MARK: What came of it

    var outcome: ReplyCrowd.Outcome {
        get throws {
            try database.transactionNow(.read) { transaction in
                var waits: [Double] = []
                try transaction.forEach(
                    """
                    select \(milliseconds: "o.created_at"), \(milliseconds: "o.finished_at")
                      from operations o join users u on u.id = o.user_id
                     where u.email like 'single%' order by o.created_at
                    """
                ) { row in
                    let (asked, done): (Double, Double) = (try row[0], try row[1])
                    waits.append((done - asked) / 1000)
                }
                return ReplyCrowd.Outcome(
                    waits: waits,
                    queued: try transaction.value("select count(*) from jobs where state = 0") ?? 0,
                    refusals: providers.refusals)
            }
        }
    }
}
