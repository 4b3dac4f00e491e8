import ArgumentParser
import Engine

struct Tenants: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Each tenant's share of the quotas: its weight, a cap, a pause.",
        discussion: "What they are given, beside what is fair: `pressroom status tenants`.",
        subcommands: [Weight.self, Cap.self, Pause.self, Resume.self])

    struct Weight: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Change a tenant's share, at once: with 2 it is given twice as much as one with 1.")
        @OptionGroup var common: CommonOptions
        @Argument(help: "The tenant's name, such as a site's id.") var tenant: String
        @Argument(help: "From 0.01 to 100; 1 is the share of everybody else.") var weight: Double

        func validate() throws {
            guard (0.01...100).contains(weight) else { throw ValidationError("a weight is from 0.01 to 100") }
        }

        func run() async throws {
            try await Tenants.change(tenant, "has weight \(weight)", common) { engine, id, transaction, _ in
                try engine.setWeight(weight, of: id, in: transaction)
            }
        }
    }

    struct Cap: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Bound how many steps of a tenant run at once in each pool.")
        @OptionGroup var common: CommonOptions
        @Argument(help: "The tenant's name, such as a site's id.") var tenant: String
        @Argument(help: "From 1 to 100000, or `none` for what each pool allows anyone.") var cap: String

        func validate() throws {
            guard cap == "none" || Int(cap).map({ (1...100_000).contains($0) }) == true else {
                throw ValidationError("a cap is from 1 to 100000, or none")
            }
        }

        func run() async throws {
            let cap = Int(cap)
            let what = cap.map { "runs at most \($0) steps at once in each pool" } ?? "has no cap of its own"
            try await Tenants.change(tenant, what, common) { engine, id, transaction, wakes in
                try engine.setCap(cap, of: id, in: transaction, waking: wakes)
            }
        }
    }

    struct Pause: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let nothing new of a tenant start; its jobs stay where they are.")
        @OptionGroup var common: CommonOptions
        @Argument(help: "The tenant's name, such as a site's id.") var tenant: String

        func run() async throws {
            try await Tenants.change(tenant, "is paused; what runs is finished", common) {
                engine, id, transaction, _ in try engine.hold(id, in: transaction)
            }
        }
    }

    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Let a paused tenant go on.")
        @OptionGroup var common: CommonOptions
        @Argument(help: "The tenant's name, such as a site's id.") var tenant: String

        func run() async throws {
            try await Tenants.change(tenant, "goes on", common) { engine, id, transaction, wakes in
                try engine.resume(id, in: transaction, waking: wakes)
            }
        }
    }

    private static func change(
        _ name: String, _ what: String, _ common: CommonOptions,
        _ body: @escaping @Sendable (Engine, TenantID, borrowing Transaction, Wakes) throws -> Void
    ) async throws {
        try await Jobs.with(common) { installation in
            let engine = installation.engine
            try await engine.transaction { transaction, wakes in
                guard let tenant = try engine.tenant(named: name, in: transaction) else {
                    throw ValidationError("no tenant is called \(name); `pressroom sites list` shows the sites")
                }
                try body(engine, tenant.id, transaction, wakes)
            }
            if common.json { return JSONReport.print(["tenant": name, "change": what]) }
            TextReport.print("\(name) \(what).")
        }
    }
}
