import Blog
import Foundation
import Logging
import Outbound
import Providers

/// Where texts and pictures come from in this process.
struct ProviderConnections: Sendable {
    let transport: HTTPTransport
    let languageModel: any LanguageModel
    let images: any ImageProvider
    let usesSandboxForText: Bool
    let usesSandboxForImages: Bool

    /// - Parameter sandbox: the base URL of a sandbox that stands in for what has no key.
    init(_ settings: Configuration, sandbox: OutboundURL?, logger: Logger) {
        let textBase = settings.usesSandboxForLanguageModel ? sandbox : nil
        let imageBase = settings.usesSandboxForImages ? sandbox : nil
        usesSandboxForText = textBase != nil
        usesSandboxForImages = imageBase != nil
        let textURL = textBase ?? settings.languageModel.baseURL
        let imageURL = imageBase ?? settings.images.baseURL
        transport = HTTPTransport(to: DestinationGuard(trusting: [textURL, imageURL]), logger: logger)
        let endpoint = OpenAIEndpoint(
            baseURL: textURL, key: textBase == nil ? settings.languageModel.key : HostedSandbox.key)
        languageModel = OpenAIClient(endpoint: endpoint, transport: transport, now: Surroundings.wallClock)
        var replicate = ReplicateClient.Settings(
            baseURL: imageURL, key: imageBase == nil ? settings.images.token ?? HostedSandbox.key : HostedSandbox.key,
            model: ReplicateModel(settings.images.model))
        if let imageBase { replicate.fileOrigins = [imageBase.origin] }
        images = ReplicateClient(settings: replicate, transport: transport, now: Surroundings.wallClock)
    }

    var isSandbox: Bool { usesSandboxForText || usesSandboxForImages }
}
