import Testing

@testable import Simulation

/// Processes that die, stop and lose the database wherever a seed says.
@Suite struct `Crashes` {
    private static let seedsInEach: UInt64 = 250

    @Test(arguments: 0..<8 as Range<UInt64>)
    func `break nothing in two thousand histories`(_ part: UInt64) throws {
        for seed in (part * Self.seedsInEach)..<((part + 1) * Self.seedsInEach) {
            let violations = try CrashScenario(seed: seed).run().violations
            #expect(violations.isEmpty, "seed \(seed)")
        }
    }

    /// The test of the test: an engine without one of its guards is caught.
    @Test(arguments: Mutation.allCases)
    func `are noticed when a guard is missing`(_ mutation: Mutation) throws {
        let isNoticed = try (0..<200 as Range<UInt64>).contains { seed in
            var scenario = CrashScenario(seed: seed)
            scenario.mutation = mutation
            return try !scenario.run().violations.isEmpty
        }

        #expect(isNoticed)
    }

    @Test func `are the same for the same seed`() throws {
        let first = try CrashScenario(seed: 7).run().historyHash
        let second = try CrashScenario(seed: 7).run().historyHash
        let other = try CrashScenario(seed: 8).run().historyHash

        #expect(first == second)
        #expect(first != other)
    }
}
