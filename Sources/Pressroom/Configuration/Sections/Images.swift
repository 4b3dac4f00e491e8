import Outbound
import Providers

extension Configuration {
    /// Who paints the pictures, and what each provider needs; what those need that were not chosen may be set as well.
    struct Images: Sendable {
        enum Provider: String, CaseIterable, Sendable {
            case replicate
            /// Any endpoint that speaks OpenAI's `/images/generations`.
            case openAI = "openai"
            /// Nobody: no article has a picture, not even a product's own.
            case none
        }

        let provider: Provider
        let replicate: Replicate
        let openAI: OpenAI

        init(_ reader: inout SettingReader, besides languageModel: LanguageModel) {
            provider = reader.value("IMAGE_PROVIDER", .choice, default: .replicate)
            Self.refuseIdleSettings(&reader)
            replicate = Replicate(&reader)
            openAI = OpenAI(&reader, besides: languageModel)
        }

        /// The chosen provider's key; nil where it has none, or nobody paints.
        var key: Secret? {
            switch provider {
            case .replicate: replicate.token
            case .openAI: openAI.key
            case .none: nil
            }
        }

        /// Where the chosen provider is; nil where nobody paints.
        var baseURL: OutboundURL? {
            switch provider {
            case .replicate: replicate.baseURL
            case .openAI: openAI.baseURL
            case .none: nil
            }
        }

        /// As the ledger and the prices name it.
        var model: String {
            switch provider {
            case .replicate: replicate.model
            case .openAI: openAI.model.name
            case .none: "none"
            }
        }

        /// What the account allows a minute; one limit for the whole cluster.
        var requestsPerMinute: Int { provider == .openAI ? openAI.requestsPerMinute : replicate.requestsPerMinute }

        /// Images being made at a time in the whole cluster; nil is no limit.
        var concurrencyMax: Int? {
            provider == .openAI ? openAI.concurrencyMax : replicate.concurrencyMax
        }

        /// The setting that the chosen provider's key is read from.
        var keyName: String { provider == .openAI ? "OPENAI_IMAGE_API_KEY" : "REPLICATE_API_TOKEN" }

        /// Who sets up an endpoint and does not say that it is to paint would be given another one's pictures, or the
        /// sandbox's: nobody means that. Once the provider is named, the settings of the others may stay.
        private static func refuseIdleSettings(_ reader: inout SettingReader) {
            guard !reader.isGiven("IMAGE_PROVIDER") else { return }
            guard let idle = OpenAI.settingNames.first(where: { reader.isGiven($0) }) else { return }
            reader.refuse(
                "IMAGE_PROVIDER", shown: nil,
                "expected openai, because \(idle) is set, or another one's name to leave that unused")
        }
    }
}
