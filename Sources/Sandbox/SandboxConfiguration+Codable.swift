extension SandboxConfiguration: Decodable {
    private enum Keys: String, CodingKey, CaseIterable {
        case host, port, speed, requestsPerMinute, tokensPerMinute, imageRequestsPerMinute, imageReadsPerMinute
        case enforcement, latencies, fixedLatency, outputLifetimeSeconds, idealTokens, seed, faults, callLogPath
        case tokenBias, tokenSpread, chargesUse, sendsLimitHeaders, imageSlots, pictureSide, wix
    }

    package init(from decoder: any Decoder) throws {
        try decoder.refuseUnknownKeys(besides: Keys.allCases.map(\.rawValue))
        let values = try decoder.container(keyedBy: Keys.self)
        func read<V: Decodable>(_ key: Keys, into value: inout V) throws {
            value = try values.decodeIfPresent(V.self, forKey: key) ?? value
        }
        try read(.host, into: &host)
        try read(.port, into: &port)
        try read(.speed, into: &speed)
        try read(.requestsPerMinute, into: &requestsPerMinute)
        try read(.tokensPerMinute, into: &tokensPerMinute)
        try read(.imageRequestsPerMinute, into: &imageRequestsPerMinute)
        try read(.imageReadsPerMinute, into: &imageReadsPerMinute)
        try read(.enforcement, into: &enforcement)
        try read(.latencies, into: &latencies)
        try read(.fixedLatency, into: &fixedLatency)
        try read(.outputLifetimeSeconds, into: &outputLifetimeSeconds)
        try read(.idealTokens, into: &idealTokens)
        try read(.tokenBias, into: &tokenBias)
        try read(.tokenSpread, into: &tokenSpread)
        try read(.chargesUse, into: &chargesUse)
        try read(.sendsLimitHeaders, into: &sendsLimitHeaders)
        imageSlots = try values.decodeIfPresent(Int.self, forKey: .imageSlots)
        pictureSide = try values.decodeIfPresent(Int.self, forKey: .pictureSide)
        try read(.seed, into: &seed)
        try read(.wix, into: &wix)
        try read(.faults, into: &faults)
        callLogPath = try values.decodeIfPresent(String.self, forKey: .callLogPath)
    }
}

/// A coding key that accepts any name, to see which names a document holds.
private struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

extension Decoder {
    /// Refuses an object that has a member which nobody would read: most often a misspelt option.
    /// - Throws: `DecodingError.dataCorrupted` that names the unknown member and the known ones.
    func refuseUnknownKeys(besides known: [String]) throws {
        let present = try container(keyedBy: AnyKey.self).allKeys.map(\.stringValue)
        guard let unknown = present.sorted().first(where: { !known.contains($0) }) else { return }
        throw DecodingError.dataCorrupted(
            DecodingError.Context(
                codingPath: codingPath,
                debugDescription: "unknown member '\(unknown)', known are: \(known.sorted().joined(separator: ", "))"))
    }
}
