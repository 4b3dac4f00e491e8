import Database
import Engine

import Logging
import Providers
import TestSupport
import Testing

@testable import Arena

/// Two people and a model on a database of their own.
struct Lounge: Sendable {
    let arena: Arena
    let engine: Engine
    let database: any Database
    let model: FakeModel
    let ada: Member
    let bob: Member

    static let secret = Array("a secret of the tests, long enough".utf8)
    static let password = "correct horse battery"

    /// - Parameter log: is told what goes to the database.
    /// - Parameter languageModel: stands in for the fake one.
    static func open(
        _ fixture: DatabaseFixture, observedBy log: StatementLog? = nil,
        asking languageModel: (any LanguageModel)? = nil, _ change: (inout Arena.Settings) -> Void = { _ in },
        body: (Lounge) async throws -> Void
    ) async throws {
        var settings = Arena.Settings(tokenSecret: secret)
        settings.passwordCost = Passwords.Cost(logRounds: 4, blockSize: 8, parallelism: 1)
        settings.backoff = Backoff(first: .milliseconds(5), longest: .milliseconds(20))
        settings.hastyBackoff = settings.backoff
        settings.defaultPause = .milliseconds(20)
        settings.summaryPause = .milliseconds(20)
        change(&settings)
        let supplies = Supplies(settings: settings, random: RandomSource(EngineChance(seed: 11)))
        let model = FakeModel()
        try await fixture.withRunningEngine { configuration in
            if let log { configuration.database = log.observing(configuration.database) }
            configuration.workflows = Arena.workflows(
                supplies, database: configuration.database, languageModel: languageModel ?? model)
            configuration.pools = [PoolDefinition("model")] + Arena.pools(supplies)
        } body: { lent in
            try await Migrator(lent.database, [EngineMigrations.source, ArenaMigrations.source]).up()
            let arena = try await Arena(
                engine: lent.engine, supplies: supplies, clock: ContinuousClock(),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            try await body(
                Lounge(
                    arena: arena, engine: lent.engine, database: lent.database, model: model,
                    ada: try await person("ada", in: arena), bob: try await person("bob", in: arena)))
        }
    }

    static func person(_ name: String, in arena: Arena, zone: String = "UTC") async throws -> Member {
        let form = SignUp(email: "\(name)@example.org", password: password, displayName: name, timeZone: zone)
        return try await arena.accounts.authenticate(try await arena.accounts.signUp(form).token)
    }

    func persona(
        _ name: String = "Stoic", of caller: Member? = nil, _ change: (inout PersonaForm) -> Void = { _ in }
    ) async throws -> Persona {
        var form = PersonaForm(name: name)
        change(&form)
        return try await arena.personas.create(form, for: caller ?? ada)
    }

    func post(_ content: String = "Is a hot dog a sandwich?", by caller: Member? = nil) async throws -> Post {
        try await arena.posts.write(PostForm(content: content), in: "kitchen", by: caller ?? ada)
    }

    /// Runs a worker while `body` runs, and lets it finish what it has begun.
    func working(_ body: () async throws -> Void) async throws {
        var configuration = WorkerConfiguration(name: "test", version: "1")
        configuration.poll = .milliseconds(50)
        let worker = Worker(configuration, engine: engine, clock: ContinuousClock())
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await worker.run() }
            try await body()
            worker.drain()
            try await group.waitForAll()
        }
    }

    /// Waits until something holds; a test that waits 20 s in vain fails.
    func wait(
        _ what: String, at location: SourceLocation = #_sourceLocation, until holds: () async throws -> Bool
    ) async throws {
        for _ in 0..<1_000 {
            if try await holds() { return }
            try await ContinuousClock().sleep(for: .milliseconds(20))
        }
        Issue.record("in vain: \(what)", sourceLocation: location)
    }

    func ended(_ id: OperationID, of caller: Member? = nil) async throws -> ModelOperation {
        try await arena.operations.wait(for: id, of: caller ?? ada, patience: .seconds(20))
    }

    func count(_ query: SQL) async throws -> Int {
        try await database.read { try $0.value(query, as: Int.self) ?? 0 }
    }
}

/// The code of what was refused.
func refusal<Value>(_ body: () async throws -> Value) async throws -> ArenaError.Code? {
    do { _ = try await body() } catch let error as ArenaError { return error.code }
    return nil
}
