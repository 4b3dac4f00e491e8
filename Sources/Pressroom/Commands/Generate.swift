import ArgumentParser
import Blog
import Engine
import Foundation
import Logging
import ServiceLifecycle
import Synchronization

struct Generate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write one article, about a keyword or a product, and print where it is.",
        discussion: """
            pressroom generate --keyword "sourdough starter" --output articles
            pressroom generate --product Examples/products/dynamo-light-set.json

            Uses the configured providers; without keys, the sandbox. Keeps its work in the output folder; \
            what an interrupted run had begun goes on beside the next one.
            """)

    @OptionGroup var common: CommonOptions
    @Option(help: "What to write about.") var keyword: String?
    @Option(help: "A JSON file with one product to write about.") var product: String?
    @Option(help: "The folder for the article.") var output = "output"
    @Option(help: "The site's id, which names the folder within.") var site = "my-site"
    @Option(help: "How many words, 300 to 3000.") var words: Int?
    @Option(help: "A tone, such as \"dry and exact\".") var tone: String?
    @Option(help: "A language, such as en or pt-BR.") var language: String?
    @Option(help: "How many times faster than life the sandbox is, where it is used.") var speed = 10.0

    func validate() throws {
        guard (keyword == nil) != (product == nil) else {
            throw ValidationError("give either --keyword WORDS or --product FILE")
        }
        guard (0.1...1_000).contains(speed) else { throw ValidationError("--speed is from 0.1 to 1000") }
    }

    func run() async throws {
        let products = try product.map { try ProductFiles.products(at: $0) } ?? []
        if let product, products.count != 1 {
            throw CommandError(
                "product.not_one", "\(product) holds \(products.count) products, not one.", status: .data)
        }
        let request = try request(about: products.first)
        let settings = try common.settings([
            "OUTPUT": output, "DATABASE_URL": "sqlite:\(output)/.pressroom/generate.sqlite",
            "SANDBOX_SPEED": "\(speed)",
        ])
        let logger = Surroundings.logger(settings.logs, quiet: settings.logs.level >= .info)
        try OutputFolder.require(settings.publishing.output)
        let summary = try await WithProviders.run(settings, logger: logger) { sandbox, _ in
            let installation = try await Installation.open(
                settings, sandbox: sandbox, products: ProductCatalogue(products), logger: logger)
            return try await installation.using { try await write(request, products.first, $0) }
        }
        try report(summary)
    }

    private func request(about product: Product?) throws -> GenerationRequest {
        var request = GenerationRequest(
            sourceType: product == nil ? .keyword : .product, sourceId: product?.id ?? keyword ?? "")
        request.autoSelect = true
        request.publishMode = .publish
        request.words = words
        request.tone = tone
        request.language = language
        return request
    }

    private func write(
        _ request: GenerationRequest, _ product: Product?, _ installation: Installation
    ) async throws -> GenerationSummary {
        var services = Services(installation)
        try services.addWorker(name: "generate", failpoints: FailpointScript.read(Surroundings.environment))
        let outcome = Mutex<GenerationSummary?>(nil)
        services.add(
            BackgroundService {
                let site = try await installation.sites.ensure(instanceID: site, name: site)
                let submitted = try await installation.generations.submit(request, for: site, product: product)
                let ended = try await follow(submitted.id, installation)
                outcome.withLock { $0 = ended }
            })
        try await services.run()
        guard let ended = outcome.withLock({ $0 }) else { throw CancellationError() }
        return ended
    }

    private func follow(_ id: JobID, _ installation: Installation) async throws -> GenerationSummary {
        var shown: GenerationStatus?
        while true {
            guard let summary = try await installation.generations.summaries(of: [id], in: .allSites).first else {
                throw EngineError.unknownJob(id)
            }
            if summary.status != shown, !common.json {
                FileHandle.standardError.write(Data((summary.status.rawValue.lowercased() + "\n").utf8))
            }
            shown = summary.status
            if summary.status.hasEnded { return summary }
            try await Surroundings.clock.sleep(for: .milliseconds(100))
        }
    }

    private func report(_ summary: GenerationSummary) throws {
        guard summary.status == .done else {
            throw CommandError(
                summary.error?.code ?? "generation.failed", summary.error?.message ?? "The article was not finished.",
                hint: summary.error?.hint, status: .unavailable)
        }
        // The publisher has the last word: a name that was taken gets a number, a site's name is cleaned.
        let folder = summary.url.flatMap { URL(string: $0) }?.deletingLastPathComponent()
        let path = folder.map { "\(output)/\($0.pathComponents.suffix(2).joined(separator: "/"))/index.md" } ?? output
        if common.json {
            JSONReport.print(["path": path, "title": summary.title, "id": summary.id.description])
        } else {
            TextReport.print(path)
        }
    }
}
