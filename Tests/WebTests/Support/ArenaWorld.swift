import Arena
import Blog
import Database
import Engine
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Providers
import TestSupport

@testable import Web

/// A server with the second product on a database of its own, and a worker while a test runs.
struct ArenaWorld: Sendable {
    let client: any TestClientProtocol
    let engine: Engine
    let model: VoiceModel
    /// What the server can be asked for, such as `GET /health`.
    let operations: [String]

    /// - Parameter change: changes Arena's settings.
    static func with(
        _ fixture: DatabaseFixture, _ change: (inout Arena.Settings) -> Void = { _ in },
        _ body: @Sendable @escaping (ArenaWorld) async throws -> Void
    ) async throws {
        var settings = Arena.Settings(tokenSecret: Array("a secret of the tests, long enough".utf8))
        settings.passwordCost = .init(logRounds: 4, blockSize: 8, parallelism: 1)
        settings.summaryPause = .milliseconds(10)
        change(&settings)
        let chosen = settings
        try await fixture.withDatabase(EngineMigrations.source, BlogMigrations.source, ArenaMigrations.source) {
            database in
            try await run(database, chosen, body)
        }
    }

    private static func run(
        _ database: any Database, _ settings: Arena.Settings,
        _ body: @Sendable @escaping (ArenaWorld) async throws -> Void
    ) async throws {
        var logger = Logger(label: "web-tests")
        logger.logLevel = .error
        let (random, model) = (RandomSource(SystemRandomNumberGenerator()), VoiceModel())
        let supplies = Supplies(settings: settings, random: random)
        let engine = try await Engine.open(
            EngineConfiguration(
                database: database, notifications: LocalNotifications(),
                workflows: Arena.workflows(supplies, database: database, languageModel: model),
                pools: [PoolDefinition("model")] + Arena.pools(supplies), random: random, logger: logger))
        let arena = try await Arena(engine: engine, supplies: supplies, clock: ContinuousClock(), logger: logger)
        let timing = Timing(clock: ContinuousClock(), now: { Date() })
        let server = try WebServer(
            configuration: WebConfiguration(), generations: BlogGenerations(engine: engine, wallClock: { Date() }),
            sites: Sites(engine: engine, random: random), arena: arena, engine: engine, timing: timing, random: random,
            logger: logger)
        var configuration = WorkerConfiguration(name: "tests", version: "0")
        configuration.poll = .milliseconds(50)
        let worker = Worker(configuration, engine: engine, clock: ContinuousClock())
        try await withThrowingTaskGroup { group in
            group.addTask { try await worker.run() }
            try await server.surface.application(onListening: { _ in }).test(.router) { client in
                try await body(
                    ArenaWorld(
                        client: client, engine: engine, model: model, operations: server.surface.operations))
            }
            worker.drain()
            try await group.waitForAll()
        }
    }

    func send(
        _ method: HTTPRequest.Method, _ path: String, _ body: String? = nil, as token: String? = nil,
        headers extra: HTTPFields = [:]
    ) async throws -> Answer {
        var headers = extra
        if let token { headers[.authorization] = "Bearer \(token)" }
        if body != nil, headers[.contentType] == nil { headers[.contentType] = "application/json" }
        let answer = try await client.executeRequest(
            uri: path, method: method, headers: headers, body: body.map { ByteBuffer(string: $0) })
        return Answer(status: answer.status.code, headers: answer.headers, body: String(buffer: answer.body))
    }

    /// Signs somebody up.
    func token(_ name: String) async throws -> String {
        let answer = try await send(
            .post, "/auth/signup", #"{"email": "\#(name)@example.org", "password": "correct horse"}"#)
        return answer.json["token"] as? String ?? ""
    }

    func persona(_ name: String, _ token: String) async throws -> String {
        try await send(.post, "/personas", #"{"name": "\#(name)"}"#, as: token).json["id"] as? String ?? ""
    }

    /// Asks until the answer is as wanted, at most ten seconds.
    func poll(_ path: String, as token: String? = nil, until isWanted: (Answer) -> Bool) async throws -> Answer {
        var answer = try await send(.get, path, as: token)
        for _ in 0..<100 where !isWanted(answer) {
            try await Task.sleep(for: .milliseconds(100))
            answer = try await send(.get, path, as: token)
        }
        return answer
    }
}

/// A language model that answers every prompt of Arena's at once, never twice with the same words.
struct VoiceModel: LanguageModel {
    let counter = CallCounter()

    func complete(_ prompt: Prompt, deadline: Duration) async throws -> Completion {
        let number = await counter.next()
        let text = prompt.messages.map(\.text).joined(separator: "\n")
        let content =
            switch prompt.schema?.name {
            case "arena_turns": turns(in: text, number)
            case "arena_verdict": #"{"winner": "tie", "verdict": "Even.", "takeaways": ["One", "Two", "Three"]}"#
            default: #"{"text": "Word\#(number) upon word\#(number) upon another\#(number).", "language": "en"}"#
            }
        return Completion(content: content, usage: TokenUse(inputTokens: 100, outputTokens: 50), model: "stub")
    }

    private func turns(in text: String, _ number: Int) -> String {
        let line = text.split(separator: "\n").first { $0.hasPrefix("Turns to write: ") } ?? ""
        let numbers = line.dropFirst(16).split(separator: ",").compactMap { Int($0.filter(\.isNumber)) }
        let turns = numbers.map {
            #"{"turn": \#($0), "content": "Claim\#(number)x\#($0) for reason\#(number)y\#($0)."}"#
        }
        return #"{"turns": [\#(turns.joined(separator: ","))]}"#
    }
}

actor CallCounter {
    private(set) var count = 0
    func next() -> Int {
        count += 1
        return count
    }
}
