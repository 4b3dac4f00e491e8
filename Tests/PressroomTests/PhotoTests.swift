import Logging
import Providers
import Testing

@testable import Pressroom

@Suite struct `A product's own picture` {
    /// The servers of models may be on this machine; whoever names a picture there has no business with them.
    @Test(arguments: [
        "http://127.0.0.1:9/picture.png", "http://127.0.0.1:10/picture.png", "http://localhost:9/picture.png",
        "http://169.254.169.254/latest/meta-data", "file:///etc/passwd",
    ])
    func `is not fetched from where the settings point`(_ address: String) async throws {
        let settings = try Configuration(environment: [
            "OPENAI_API_KEY": "key", "OPENAI_BASE_URL": "http://127.0.0.1:9/v1", "REPLICATE_API_TOKEN": "token",
            "REPLICATE_BASE_URL": "http://127.0.0.1:10/v1",
        ])
        let providers = ProviderConnections(settings, sandbox: nil, logger: Logger(label: "test"))

        let error = await #expect(throws: ProviderError.self) {
            try await providers.photos.download(address, deadline: .seconds(5))
        }
        await providers.shutdown()

        // Nobody listens on those ports: an attempt would be `unreachable`.
        #expect(error.map { [.rejected, .malformed].contains($0.code) } == true, "\(String(describing: error))")
        #expect(error?.retry == .never)
    }
}
