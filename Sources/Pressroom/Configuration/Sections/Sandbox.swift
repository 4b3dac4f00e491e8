import Outbound

extension Configuration {
    /// Whether simulated providers stand in for the real ones.
    struct Sandbox: Sendable {
        enum Mode: String, CaseIterable, Sendable {
            /// For each provider without a key.
            case auto
            /// For every provider, whatever keys there are.
            case on
            /// For none: missing keys are problems.
            case off
        }

        let mode: Mode
        /// How many times faster than life the simulated providers are.
        let speed: Double
        /// A sandbox that runs as a server of its own, for several processes; nil for one inside this process.
        let address: OutboundURL?

        init(_ reader: inout SettingReader, languageModel: LanguageModel, images: Images) {
            mode = reader.value("SANDBOX", .choice, default: .auto)
            speed = reader.value("SANDBOX_SPEED", .decimal(in: 0.1...1_000), default: 1)
            address = reader.optional("SANDBOX_URL", .webAddress)
            requireKey("OPENAI_API_KEY", languageModel.key, "OPENAI_BASE_URL", languageModel.isElsewhere, &reader)
            requireKey(of: images, &reader)
        }

        func replaces(key: Secret?) -> Bool { mode == .on || mode == .auto && key == nil }

        private func requireKey(of images: Images, _ reader: inout SettingReader) {
            switch images.provider {
            case .replicate:
                let (token, isElsewhere) = (images.replicate.token, images.replicate.isElsewhere)
                requireKey("REPLICATE_API_TOKEN", token, "REPLICATE_BASE_URL", isElsewhere, &reader)
            case .openAI where images.openAI.isElsewhere:
                requireKey("OPENAI_IMAGE_API_KEY", images.openAI.key, "OPENAI_IMAGE_BASE_URL", true, &reader)
            // On the language model's server its key serves, and has been asked for.
            case .openAI, .none: break
            }
        }

        /// An address of one's own without a key would silently be answered by the sandbox: nobody means that.
        private func requireKey(
            _ name: String, _ key: Secret?, _ address: String, _ isElsewhere: Bool, _ reader: inout SettingReader
        ) {
            guard key == nil, !reader.isGiven(name), mode != .on else { return }
            if mode == .off {
                reader.refuse(name, shown: nil, "expected a key, because SANDBOX is off")
            } else if isElsewhere {
                let advice = "expected a key, because \(address) is set"
                reader.refuse(name, shown: nil, advice + " (any word will do for a server that asks for none)")
            }
        }
    }
}
