import ArgumentParser
import Foundation
import Logging
import Outbound
import Publishers
import Web

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve the API and the pages, with a worker inside.",
        discussion: """
            One process is all a small installation needs. With PostgreSQL, start any number of these behind a load \
            balancer, and any number of `pressroom worker` beside them. Without provider keys the sandbox stands in.
            """)

    @OptionGroup var common: CommonOptions
    @Option(help: "The address to listen on. Default: 127.0.0.1, or HOST.") var host: String?
    @Option(help: "The port to listen on; 0 takes any. Default: 8080, or PORT.") var port: Int?
    @Option(help: "The folder for articles. Default: output, or OUTPUT.") var output: String?
    @Flag(name: .customLong("no-worker"), help: "Accept requests only; workers run elsewhere.") var noWorker = false

    func run() async throws {
        let settings = try common.settings(.flags(["HOST": host, "PORT": port, "OUTPUT": output]))
        let logger = Surroundings.logger(settings.logs)
        try OutputFolder.require(settings.publishing.output)
        try LoopbackPort.require(settings.serving)
        try await WithProviders.run(settings, logger: logger) { sandbox, webhookSecret in
            let products = try ProductFiles.catalogue()
            let installation = try await Installation.openWhenReachable(
                settings, sandbox: sandbox, products: products, logger: logger)
            try await installation.using { try await serve($0, webhookSecret: webhookSecret) }
        }
    }

    private func serve(_ installation: Installation, webhookSecret: Secret?) async throws {
        var services = Services(installation)
        let models = ModelWatch(installation.settings, logger: installation.logger)
        if let models { services.add(BackgroundService(run: models.run)) }
        // The sandbox's secret is no secret: it counts only where the sandbox paints.
        let secret =
            installation.providers.usesSandboxForImages
            ? webhookSecret : installation.settings.images.replicate.webhookSecret
        let server = try PressroomServer.make(installation, webhookSecret: secret, models: models) { address in
            installation.logger.info("Pressroom listens on \(address)")
            if common.json { JSONReport.print(["address": address]) }
        }
        services.add(server)
        if !noWorker {
            try services.addWorker(
                name: "serve-\(ProcessInfo.processInfo.hostName)",
                failpoints: FailpointScript.read(Surroundings.environment))
        }
        try await services.run()
    }
}

/// The server of a process, configured from its settings.
enum PressroomServer {
    static func make(
        _ installation: Installation, webhookSecret: Secret?, models: ModelWatch? = nil, port: Int? = nil,
        onListening: @escaping @Sendable (String) async -> Void
    ) throws -> WebServer {
        let serving = installation.settings.serving
        var web = WebConfiguration()
        web.host = serving.host
        web.port = port ?? serving.port
        web.publicURL = serving.publicURL.map { _ in installation.settings.publicURL }
        web.operatorToken = serving.adminToken
        // On loopback the machine's own people are the operators; a token closes the pages there too.
        web.pages = serving.isOnLoopback && serving.adminToken == nil ? .open : .operatorOnly
        web.outputFolder = installation.settings.publishing.output
        web.showsSandboxContent = installation.providers.isSandbox
        web.webhookSecret = webhookSecret
        if let models { web.modelDaysLeft = { models.daysLeft } }
        web.wixInstance = installation.settings.wix.app.map(WixSignedInstance.init)
        web.wixWebhooks = try installation.settings.wix.webhooks()
        web.limits.requestTimeout = serving.requestTimeout
        web.limits.bodyBytesMax = serving.requestBodyBytesMax
        web.trustedProxies = serving.trustedProxies
        web.exemptNetworks = serving.exemptNetworks
        let configuration = web
        return try WebServer(
            configuration: configuration, generations: installation.generations, sites: installation.sites,
            arena: installation.arena, engine: installation.engine, timing: Surroundings.timing,
            random: Surroundings.random,
            logger: installation.logger
        ) { port in
            let address = configuration.address(port: port)
            installation.serverAddress.set(address)
            await onListening(address)
        }
    }
}

extension Configuration.Serving {
    var isOnLoopback: Bool { host == "127.0.0.1" || host == "::1" || host == "localhost" }
}
