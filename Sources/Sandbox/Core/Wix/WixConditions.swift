/// What differs between real Wix sites, or from one hour to the next, and so may be set. All times are sandbox seconds.
///
/// A missing member of its JSON form takes its default; an unknown one is an error.
package struct WixConditions: Sendable, Equatable, Encodable {
    /// How long an access token opens its site, 1 to 86,400.
    package var tokenSeconds = 14_400.0
    /// Calls of one site's API in any sixty seconds, 1 to 100,000.
    package var callsPerMinute = 200
    /// How long an uploaded file is `PENDING`, 0 to 86,400; with 0 it is `READY` in the answer to its upload.
    package var mediaSeconds = 0.0
    /// How long lists and queries do not know a new draft, 0 to 86,400. By its id it is found at once.
    package var listSeconds = 0.0
    /// Where the app is told what happens, `http://` or `https://`; nil tells it nothing.
    package var webhookURL: String?

    package init() {}

    /// Every value that is out of bounds, in words.
    package var problems: [String] {
        var problems: [String] = []
        func check(_ holds: Bool, _ problem: String) { if !holds { problems.append(problem) } }
        check((1...86_400).contains(tokenSeconds), "tokenSeconds of wix must be 1 to 86400")
        check((1...100_000).contains(callsPerMinute), "callsPerMinute of wix must be 1 to 100000")
        check((0...86_400).contains(mediaSeconds), "mediaSeconds of wix must be 0 to 86400")
        check((0...86_400).contains(listSeconds), "listSeconds of wix must be 0 to 86400")
        let address = webhookURL ?? "http://"
        check(
            address.hasPrefix("http://") || address.hasPrefix("https://"),
            "webhookURL of wix must begin with http:// or https://")
        return problems
    }
}

extension WixConditions: Decodable {
    private enum Keys: String, CodingKey, CaseIterable {
        case tokenSeconds, callsPerMinute, mediaSeconds, listSeconds, webhookURL
    }

    package init(from decoder: any Decoder) throws {
        try decoder.refuseUnknownKeys(besides: Keys.allCases.map(\.rawValue))
        let values = try decoder.container(keyedBy: Keys.self)
        tokenSeconds = try values.decodeIfPresent(Double.self, forKey: .tokenSeconds) ?? tokenSeconds
        callsPerMinute = try values.decodeIfPresent(Int.self, forKey: .callsPerMinute) ?? callsPerMinute
        mediaSeconds = try values.decodeIfPresent(Double.self, forKey: .mediaSeconds) ?? mediaSeconds
        listSeconds = try values.decodeIfPresent(Double.self, forKey: .listSeconds) ?? listSeconds
        webhookURL = try values.decodeIfPresent(String.self, forKey: .webhookURL)
    }
}
