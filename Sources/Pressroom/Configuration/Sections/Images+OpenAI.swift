import Outbound
import Providers

extension Configuration.Images {
    /// An endpoint that speaks OpenAI's `/images/generations`: the language model's server, unless another is named.
    struct OpenAI: Sendable {
        /// The language model's on the language model's server. Another server needs its own: a key is shown to nobody
        /// whom it was not given for.
        let key: Secret?
        let baseURL: OutboundURL
        /// Whether the server is another than the language model's.
        let isElsewhere: Bool
        let model: OpenAIImageModel
        let size: OpenAIImageSize
        /// What the account allows a minute; one limit for the whole cluster.
        let requestsPerMinute: Int
        /// Images being made at a time in the whole cluster; `nil` is no limit.
        let concurrencyMax: Int?
        /// For painting, which is one call.
        let requestTimeout: Duration
        private let organization: String?
        private let project: String?

        static let settingNames = [
            "OPENAI_IMAGE_API_KEY", "OPENAI_IMAGE_BASE_URL", "OPENAI_IMAGE_MODEL", "OPENAI_IMAGE_SIZE",
            "OPENAI_IMAGE_RPM", "OPENAI_IMAGE_CONCURRENCY", "OPENAI_IMAGE_TIMEOUT",
        ]

        init(_ reader: inout SettingReader, besides languageModel: Configuration.LanguageModel) {
            let name = SettingForm<String>.word("a model's name such as `gpt-image-2`")
            let ownKey: Secret? = reader.optional("OPENAI_IMAGE_API_KEY", .secret("a key without blanks"))
            let ownURL: OutboundURL? = reader.optional("OPENAI_IMAGE_BASE_URL", .webAddress)
            let model = OpenAIImageModel(reader.value("OPENAI_IMAGE_MODEL", name, default: "gpt-image-2"))
            let url = ownURL ?? languageModel.baseURL
            let isElsewhere = url.origin != languageModel.baseURL.origin
            let sharesAccount = ownKey == nil && !isElsewhere
            self.key = sharesAccount ? languageModel.key : ownKey
            self.baseURL = url
            self.isElsewhere = isElsewhere
            self.model = model
            self.size = Self.size(of: model, &reader)
            requestsPerMinute = reader.value("OPENAI_IMAGE_RPM", .integer(in: 1...10_000_000), default: 450)
            concurrencyMax = reader.value("OPENAI_IMAGE_CONCURRENCY", .limit(in: 1...100_000), default: nil)
            requestTimeout = reader.value(
                "OPENAI_IMAGE_TIMEOUT", .duration(in: .seconds(1)...(.seconds(600))), default: .seconds(120))
            organization = sharesAccount ? languageModel.organization : nil
            project = sharesAccount ? languageModel.project : nil
        }

        /// The server as the client sees it.
        ///
        /// - Parameters:
        ///   - base: where it is; the sandbox's address where that stands in.
        func endpoint(at base: OutboundURL, key: Secret?) -> OpenAIEndpoint {
            var endpoint = OpenAIEndpoint(baseURL: base, key: key)
            endpoint.organization = organization
            endpoint.project = project
            return endpoint
        }

        private static func size(of model: OpenAIImageModel, _ reader: inout SettingReader) -> OpenAIImageSize {
            let size = reader.value("OPENAI_IMAGE_SIZE", .imageSize, default: model.standardSize)
            if let drawn = model.objection(to: size) {
                reader.refuse(
                    "OPENAI_IMAGE_SIZE", shown: SettingForm<OpenAIImageSize>.quoted(size.description),
                    "expected \(drawn) for \(model.name)")
            }
            return size
        }
    }
}
