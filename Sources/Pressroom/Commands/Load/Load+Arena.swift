import ArgumentParser

extension Load {
    struct Arena: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Ask Arena for replies for minutes on end, read what everybody may read, run into a limit.",
            discussion: """
                replies: personas are asked to reply to posts, each pair once before any comes again, until the queue is \
                empty again. reads: a profile, the templates and a share card, from addresses that no limit holds. \
                limits: 600 requests in three seconds from one address that a limit of 120 a minute holds, in several \
                mixes over two servers.

                At --speed 3 the model writes fewer replies than are asked for, so that a queue grows.
                """)

        @OptionGroup var options: LoadOptions
        @Option(help: "A part to play: \(parts). Default: all.") var only: [String] = []
        @Option(help: "Servers. Default: 2; on SQLite 1.") var servers: Int?
        @Option(help: "Workers; on SQLite the server's own.") var workers = 2
        @Option(help: "How many times faster than life the model is, and its limits with it.") var speed = 3.0
        @Option(help: "Personas, of four people.") var personas = 12
        @Option(help: "Published posts.") var posts = 500
        @Option(help: "Requests for replies a second.") var rate = 20.0
        @Option(help: "Seconds of them.") var seconds = 300
        @Option(help: "Reads a second of the profile and of the templates; of the card half as many.")
        var readRate = 200.0
        @Option(help: "Seconds of each.") var readSeconds = 60

        private static let parts = ArenaLoad.Part.allCases.map(\.rawValue).joined(separator: ", ")

        func validate() throws {
            try BenchOptions.require(
                only.allSatisfy { ArenaLoad.Part(rawValue: $0) != nil }, "--only is one of \(Self.parts)")
            try BenchOptions.require((0.1...200).contains(speed), "--speed is 0.1 to 200")
            // A thread shows at most fifty replies of personas, of people who are signed in for fifteen minutes.
            try BenchOptions.require((1...50).contains(personas), "--personas is 1 to 50")
            try BenchOptions.require((1...10_000).contains(posts), "--posts is 1 to 10000")
            try BenchOptions.require((1...600).contains(seconds), "--seconds is 1 to 600")
            try BenchOptions.require((1...600).contains(readSeconds), "--read-seconds is 1 to 600")
            try BenchOptions.require(
                (0.1...1_000).contains(rate) && (1...2_000).contains(readRate),
                "--rate is 0.1 to 1000, --read-rate 1 to 2000")
            try BenchOptions.require(
                (1...2).contains(servers ?? 1) && (1...16).contains(workers), "--servers is 1 or 2, --workers 1 to 16")
        }

        func run() async throws {
            let settings = try options.settings()
            try BenchOptions.require(
                settings.postgres != nil || (servers ?? 1) == 1,
                "two servers need PostgreSQL: name one with --database, or take --servers 1")
            var plan = ArenaLoad()
            if !only.isEmpty { plan.parts = only.compactMap { ArenaLoad.Part(rawValue: $0) } }
            plan.servers = servers ?? (settings.postgres == nil ? 1 : 2)
            plan.workers = workers
            plan.speed = speed
            (plan.personas, plan.posts) = (personas, posts)
            (plan.replyRate, plan.replySeconds) = (rate, seconds)
            (plan.readRate, plan.readSeconds) = (readRate, readSeconds)
            let scene = ArenaScene(
                plan: plan, postgres: settings.postgres, logger: Surroundings.logger(settings.logs, quiet: true))
            let report = try await Load.untilStopped(settings.logs) { try await scene.play() }
            guard !options.common.json else { return JSONReport.print(report, isOneLine: true) }
            TextReport.print(report.text)
        }
    }
}
