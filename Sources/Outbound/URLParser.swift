/// Reads the narrow grammar of ``OutboundURL``.
enum URLParser {
    /// Longer ones serve no provider, and every log line and error has a bound.
    static let lengthMax = 8_192

    static func parse(_ text: String) -> OutboundURL? {
        guard text.utf8.count <= lengthMax, text.utf8.allSatisfy(isVisible), !text.contains("#") else { return nil }
        guard let separator = text.firstRange(of: "://") else { return nil }
        guard let scheme = OutboundURL.Scheme(rawValue: text[..<separator.lowerBound].lowercased()) else { return nil }
        let rest = text[separator.upperBound...]
        let authorityEnd = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        guard let (host, port) = authority(rest[..<authorityEnd], scheme: scheme) else { return nil }
        let target = rest[authorityEnd...].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let path = target.first.map(String.init) ?? ""
        return OutboundURL(
            scheme: scheme, host: host, port: port, path: path.isEmpty ? "/" : path,
            query: target.count > 1 ? String(target[1]) : nil)
    }

    /// Printable ASCII without the characters that parsers disagree about.
    static func isVisible(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "^"),
            UInt8(ascii: "`"), UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "|"):
            false
        default: (0x21...0x7E).contains(byte)
        }
    }

    private static func authority(_ text: Substring, scheme: OutboundURL.Scheme) -> (host: String, port: Int)? {
        let usual = scheme == .https ? 443 : 80
        if text.hasPrefix("[") {
            guard let close = text.firstIndex(of: "]") else { return nil }
            let address = text[text.index(after: text.startIndex)..<close].lowercased()
            guard IPAddress.v6(address) != nil else { return nil }
            return port(text[text.index(after: close)...], usual: usual).map { (address, $0) }
        }
        let colon = text.firstIndex(of: ":") ?? text.endIndex
        let host = text[..<colon].lowercased()
        guard isHost(host) else { return nil }
        return port(text[colon...], usual: usual).map { (host, $0) }
    }

    private static func port(_ text: Substring, usual: Int) -> Int? {
        if text.isEmpty { return usual }
        let digits = text.dropFirst()
        guard text.first == ":", (1...5).contains(digits.count), digits.utf8.allSatisfy({ (48...57).contains($0) }),
            let port = Int(digits), (1...65_535).contains(port)
        else { return nil }
        return port
    }

    /// Labels of letters, digits, "-" and "_". A host whose last label is a number must be a plain dotted quad:
    /// resolvers read `2130706433`, `0177.1` and `0x7f.1` as addresses too.
    private static func isHost(_ host: String) -> Bool {
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        guard host.utf8.count <= 253, labels.allSatisfy(isLabel) else { return false }
        let last = labels.last ?? ""
        let numeric = last.utf8.allSatisfy { (48...57).contains($0) } || last.hasPrefix("0x")
        return !numeric || IPAddress.v4(host) != nil
    }

    private static func isLabel(_ label: Substring) -> Bool {
        (1...63).contains(label.utf8.count)
            && label.utf8.allSatisfy {
                (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
            }
    }
}
