import Blog
import Engine
import Foundation
import Logging
import Outbound
import Providers
import Publishers

/// Where texts and pictures come from in this process.
struct ProviderConnections: Sendable {
    private let transport: HTTPTransport
    /// For what tenants and shops have written: of the configuration it trusts nothing but the sandbox.
    private let publicTransport: HTTPTransport
    let languageModel: any LanguageModel
    /// The account that stands in for it; nil where none has a key, or the sandbox writes.
    let fallbackModel: ModelAccount?
    /// Nil where nobody paints.
    let images: (any ImageProvider)?
    /// Pictures that are on the web already.
    let photos: WebImages
    let usesSandboxForText: Bool
    let usesSandboxForImages: Bool
    let wix: WixApps
    /// Where the simulated Wix is, if posts go there.
    let simulatedWix: OutboundURL?

    /// - Parameter sandbox: the base URL of a sandbox that stands in for what has no key.
    init(_ settings: Configuration, sandbox: OutboundURL?, logger: Logger) {
        let textBase = settings.usesSandboxForLanguageModel ? sandbox : nil
        let imageBase = settings.usesSandboxForImages ? sandbox : nil
        usesSandboxForText = textBase != nil
        usesSandboxForImages = imageBase != nil
        let textURL = textBase ?? settings.languageModel.baseURL
        let imageURL = imageBase ?? settings.images.baseURL
        let wixBase = settings.usesSandboxForWix ? sandbox?.at("wix") : nil
        let wixURL = wixBase ?? settings.wix.baseURL
        let trusted: [OutboundURL?] = [
            textURL, imageURL, wixURL, settings.wix.baseURL, settings.fallbackModel.baseURL,
        ]
        transport = HTTPTransport(
            to: DestinationGuard(trusting: trusted.compactMap { $0 }), settings: settings.outgoing.connections,
            logger: logger)
        publicTransport = HTTPTransport(
            to: DestinationGuard(trusting: [sandbox].compactMap { $0 }), settings: settings.outgoing.connections,
            logger: logger)
        photos = WebImages(transport: publicTransport, now: Surroundings.wallClock)
        var endpoint = settings.languageModel.endpoint(
            at: textURL, key: textBase == nil ? settings.languageModel.key : HostedSandbox.key)
        // The sandbox's models have the names of real ones, but do not think.
        if textBase != nil { endpoint.thoughtTokensMax = 0 }
        languageModel = OpenAIClient(endpoint: endpoint, transport: transport, now: Surroundings.wallClock)
        fallbackModel =
            textBase == nil
            ? settings.fallbackEndpoint.map { [transport] endpoint in
                ModelAccount(
                    OpenAIClient(endpoint: endpoint, transport: transport, now: Surroundings.wallClock),
                    names: settings.fallbackNames)
            } : nil
        images = Self.painter(settings.images, sandbox: imageBase, transport)
        simulatedWix = wixBase
        var template = settings.wix.template
        // A secret of a site's own goes to the sandbox only where that stands in for everything.
        template.baseURL = settings.sandbox.mode == .on ? wixURL : settings.wix.baseURL
        let app =
            wixBase == nil
            ? settings.wix.app : WixApp(baseURL: wixURL, id: "pressroom", secret: HostedSandbox.key)
        wix = WixApps(
            own: app, template: template, transport: transport, clock: Surroundings.clock, now: Surroundings.wallClock)
    }

    /// - Parameter sandbox: where it is, if it paints.
    private static func painter(
        _ images: Configuration.Images, sandbox: OutboundURL?, _ transport: HTTPTransport
    ) -> (any ImageProvider)? {
        // Who only looks has no sandbox, perhaps no key either, and never asks.
        let key = (sandbox == nil ? images.key : nil) ?? HostedSandbox.key
        switch images.provider {
        case .none: return nil
        case .openAI:
            let endpoint = images.openAI.endpoint(at: sandbox ?? images.openAI.baseURL, key: key)
            let settings = OpenAIImages.Settings(
                endpoint: endpoint, model: images.openAI.model, size: images.openAI.size)
            return OpenAIImages(settings: settings, transport: transport, now: Surroundings.wallClock)
        case .replicate:
            var settings = ReplicateClient.Settings(
                baseURL: sandbox ?? images.replicate.baseURL, key: key,
                model: ReplicateModel(images.replicate.model))
            if let sandbox {
                settings.fileOrigins = [sandbox.origin]
            } else {
                // An order that nobody waits for any more ends by itself.
                settings.cancelAfter = ImagePolling().patience + .seconds(30)
            }
            return ReplicateClient(settings: settings, transport: transport, now: Surroundings.wallClock)
        }
    }

    /// Closes every connection.
    func shutdown() async {
        for transport in [transport, publicTransport] {
            try? await transport.shutdown()  // Connections that will not close are closed by the process's end.
        }
    }

    /// Who is asked where a step draws on another pool than the model's own.
    var otherAccounts: [PoolName: ModelAccount] {
        fallbackModel.map { [PoolNames().fallbackModel: $0] } ?? [:]
    }

    var isSandbox: Bool { usesSandboxForText || usesSandboxForImages }
}
