import Outbound

extension Configuration.Images {
    /// Replicate, or a server that speaks its API.
    struct Replicate: Sendable {
        let token: Secret?
        let baseURL: OutboundURL
        /// Signs its webhooks (`whsec_…`); without it pictures are found by asking.
        let webhookSecret: Secret?
        /// `owner/name` or `owner/name:version`.
        let model: String
        /// What the account allows a minute; one limit for the whole cluster.
        let requestsPerMinute: Int
        /// Images being made at a time in the whole cluster; `nil` is no limit.
        let concurrencyMax: Int?

        private static let standardURL = OutboundURL(known: "https://api.replicate.com/v1")

        init(_ reader: inout SettingReader) {
            let model = SettingForm<String>.word("a model such as `black-forest-labs/flux-schnell`") { text in
                text.split(separator: "/", omittingEmptySubsequences: false).map(\.isEmpty) == [false, false]
            }
            token = reader.optional("REPLICATE_API_TOKEN", .secret("a token without blanks"))
            baseURL = reader.value("REPLICATE_BASE_URL", .webAddress, default: Self.standardURL)
            webhookSecret = reader.optional("REPLICATE_WEBHOOK_SECRET", .secret("a secret such as `whsec_…`"))
            self.model = reader.value("REPLICATE_MODEL", model, default: "black-forest-labs/flux-schnell")
            requestsPerMinute = reader.value("REPLICATE_RPM", .integer(in: 1...10_000_000), default: 450)
            concurrencyMax = reader.value("REPLICATE_CONCURRENCY", .limit(in: 1...100_000), default: nil)
        }

        /// Whether calls go somewhere else than to the provider itself.
        var isElsewhere: Bool { baseURL != Self.standardURL }
    }
}
