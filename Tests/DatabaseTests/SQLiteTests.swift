import Database
import DatabaseSQLite
import Foundation
import Synchronization
import TestSupport
import Testing

@Suite struct `The SQLite database` {
    static let schema = MigrationSource(
        "test", [Migration(1, "notes", up: ["create table notes (id bigint primary key, text text)"], down: nil)])

    struct Refusal: Error {}

    @Test func `lets concurrent writers share commits`() async throws {
        try await withDatabase { database, _ in
            let before = database.writeCounts
            try await inserts(200, into: database)

            let after = database.writeCounts
            #expect(after.transactions - before.transactions == 200)
            #expect(after.commits - before.commits < 100)
        }
    }

    @Test func `answers with the commit, whatever the writer does next`() async throws {
        try await withDatabase { database, _ in
            let (mayBegin, areAnswered) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
            /// One that comes behind whoever was told before.
            func next(_ body: @escaping @Sendable () -> Void) async throws -> Task<Void, any Error> {
                let task = Task { try await database.transaction { _ in body() } }
                try await Task.sleep(for: .milliseconds(50))
                return task
            }
            let first = try await next { mayBegin.wait() }
            // Past 10 ms a batch has no room for the next.
            let second = try await next { Thread.sleep(forTimeInterval: 0.02) }
            let waited = Mutex<DispatchTimeoutResult?>(nil)
            let third = try await next {
                let result = areAnswered.wait(timeout: .now() + 10)
                waited.withLock { $0 = result }
            }
            mayBegin.signal()

            try await first.value
            try await second.value
            areAnswered.signal()
            try await third.value
            #expect(waited.withLock(\.self) == .success)
        }
    }

    @Test func `lets a failing body harm nobody in its commit`() async throws {
        try await withDatabase { database, _ in
            let outcomes = try await withThrowingTaskGroup(of: Bool.self) { group in
                for id in 1...200 {
                    group.addTask {
                        do {
                            try await database.transaction { tx in
                                try tx.execute("insert into notes (id) values (\(id))")
                                if id.isMultiple(of: 3) { throw Refusal() }
                                if id.isMultiple(of: 5) { try tx.execute("insert into notes (id) values (\(id))") }
                            }
                            return true
                        } catch { return false }
                    }
                }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            let stored = try await database.read { try $0.values("select id from notes order by id", as: Int.self) }

            let expected = (1...200).filter { !$0.isMultiple(of: 3) && !$0.isMultiple(of: 5) }
            #expect(stored == expected)
            #expect(outcomes == expected.count)
        }
    }

    @Test func `lets a cancelled body harm nobody in its commit`() async throws {
        try await withDatabase { database, _ in
            for round in 0..<10 {
                async let others: Void = inserts(40, into: database, from: round * 100)
                let cancelled = Task {
                    try await database.transaction { tx in
                        try tx.execute("insert into notes (id) values (-1)")
                        try tx.execute(endless)
                    }
                }
                try await Task.sleep(for: .milliseconds(5))
                cancelled.cancel()
                await #expect(throws: CancellationError.self) { try await cancelled.value }
                try await others
            }

            let counts = try await database.read { tx in
                [
                    try tx.value("select count(*) from notes where id >= 0", as: Int.self),
                    try tx.value("select count(*) from notes where id < 0", as: Int.self),
                ]
            }
            #expect(counts == [400, 0])
        }
    }

    @Test func `tells everybody in a commit when the disk is full, and goes on when there is space`() async throws {
        try await withDatabase { database, _ in
            try await database.transaction { tx in _ = try tx.value("pragma max_page_count = 20", as: Int.self) }
            let failures = await withTaskGroup(of: DatabaseError?.self) { group in
                for id in 1...40 {
                    group.addTask {
                        do {
                            try await database.transaction { tx in
                                try tx.execute(
                                    "insert into notes (id, text) values (\(id), \(String(repeating: "x", count: 4000)))"
                                )
                            }
                            return nil
                        } catch { return error as? DatabaseError }
                    }
                }
                return await group.reduce(into: [DatabaseError]()) { all, error in if let error { all.append(error) } }
            }
            let stored = try await database.read { try $0.value("select count(*) from notes", as: Int.self) }
            try await database.transaction { tx in _ = try tx.value("pragma max_page_count = 100000", as: Int.self) }
            try await inserts(3, into: database, from: 1000)

            #expect(!failures.isEmpty && failures.allSatisfy { $0.code == "database.full" && $0.isRetryable })
            #expect(stored == 40 - failures.count)
        }
    }

    @Test func `syncs fully, reads with a log, and keeps its file to its owner`() async throws {
        try await withDatabase { database, path in
            let mode = try await database.transaction { try $0.value("pragma journal_mode", as: String.self) }
            let attributes = try FileManager.default.attributesOfItem(atPath: path)

            #expect(mode == "wal")
            #expect(try await database.durability() == [])
            #expect(try await database.damage(within: .seconds(5)) == [])
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
            let log = try FileManager.default.attributesOfItem(atPath: path + "-wal")
            #expect((log[.posixPermissions] as? NSNumber)?.intValue == 0o600)
        }
    }

    @Test func `keeps what it stored when it is opened again`() async throws {
        try await DatabaseFile.with { path in
            for round in 1...3 {
                let database = try await SQLiteDatabase(Self.configuration(path))
                try await Migrator(database, [Self.schema]).up()
                try await database.transaction { try $0.execute("insert into notes (id) values (\(round))") }
                let count = try await database.read { try $0.value("select count(*) from notes", as: Int.self) }
                #expect(count == round)
                await database.close()
                let error = await #expect(throws: DatabaseError.self) { try await database.transaction { _ in } }
                #expect(error?.code == "database.closed")
            }
        }
    }

    @Test func `says who is in the way when another connection holds the file`() async throws {
        try await DatabaseFile.with { path in
            var configuration = Self.configuration(path)
            configuration.busyLimit = .milliseconds(500)
            let first = try await SQLiteDatabase(configuration), second = try await SQLiteDatabase(configuration)
            try await Migrator(first, [Self.schema]).up()
            let held = Gate(), release = Gate()
            async let holding: Void = first.transaction { tx in
                held.open()
                release.wait()
            }
            await held.opened()

            let clock = ContinuousClock()
            let began = clock.now
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<10 {
                    group.addTask {
                        let error = await #expect(throws: DatabaseError.self) { try await second.transaction { _ in } }
                        #expect(error?.code == "database.busy")
                        #expect(error?.isRetryable == true)
                    }
                }
            }
            // Ten that waited together wait once, not ten times.
            #expect(clock.now - began < .seconds(3))
            release.open()
            try await holding
            try await second.transaction { try $0.execute("insert into notes (id) values (1)") }
            await first.close()
            await second.close()
        }
    }

    @Test func `explains a path it cannot use`() async throws {
        try await DatabaseFile.with { path in
            try Data("This is a letter, not a database. It is long enough to have a header, though.".utf8).write(
                to: URL(fileURLWithPath: path))
            let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
            let cases = [
                (path, "database.not_a_database"), (folder + "/missing/x.sqlite", "database.not_writable"),
                (folder, "database.not_writable"), ("/proc/x.sqlite", "database.not_writable"),
            ]
            for (path, code) in cases {
                let error = await #expect(throws: DatabaseError.self) {
                    try await SQLiteDatabase(Self.configuration(path))
                }
                #expect(error?.code == code)
                #expect(error?.hint?.contains("DATABASE_URL") == true)
                #expect(error?.message.contains(path) == true)
            }
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)).starts(with: Data("This is".utf8)))
        }
    }

    @Test func `lets one process run workers`() async throws {
        try await DatabaseFile.with { path in
            var lock: SQLiteWorkerLock? = try SQLiteWorkerLock(database: path)
            let error = #expect(throws: DatabaseError.self) { try SQLiteWorkerLock(database: path) }
            #expect(error?.code == "database.worker_running")
            #expect(error?.message.contains("\(ProcessInfo.processInfo.processIdentifier)") == true)
            #expect(lock != nil)

            lock = nil
            _ = try SQLiteWorkerLock(database: path)
        }
    }

    @Test func `closes no descriptor but its own when workers run already`() async throws {
        try await DatabaseFile.with { path in
            let lock = try SQLiteWorkerLock(database: path)
            await withTaskGroup(of: Int.self) { group in
                group.addTask {
                    (0..<20_000).count { _ in (try? SQLiteWorkerLock(database: path)) == nil }
                }
                group.addTask {
                    // Each takes the lowest number that is free, such as the one that was closed a moment ago.
                    var kept = 0
                    for _ in 0..<200_000 {
                        let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
                        kept += fcntl(descriptor, F_GETFD) >= 0 ? 1 : 0
                        close(descriptor)
                    }
                    return kept
                }
                #expect(await group.reduce(into: []) { $0.append($1) }.sorted() == [20_000, 200_000])
            }
            withExtendedLifetime(lock) {}
        }
    }

    private func inserts(_ count: Int, into database: SQLiteDatabase, from first: Int = 0) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for id in first..<first + count {
                group.addTask {
                    _ = try await database.transaction { try $0.execute("insert into notes (id) values (\(id))") }
                }
            }
            try await group.waitForAll()
        }
    }

    private static func configuration(_ path: String) -> SQLiteConfiguration {
        SQLiteConfiguration(path: path, now: { 1_750_000_000_000 })
    }

    private func withDatabase(_ body: (SQLiteDatabase, String) async throws -> Void) async throws {
        try await DatabaseFile.with { path in
            let database = try await SQLiteDatabase(Self.configuration(path))
            try await Migrator(database, [Self.schema]).up()
            try await body(database, path)
            await database.close()
        }
    }
}
