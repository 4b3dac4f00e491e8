import Limits

extension SettingForm<[IPNetwork]> {
    /// Networks and addresses, separated by commas or blanks; `none` for an empty list.
    static var networks: Self {
        Self(
            "networks such as `10.0.0.0/8, 2001:db8::/32`, each beginning where its length says, or `none`",
            show: { $0.isEmpty ? "none" : $0.map(\.description).joined(separator: ", ") }
        ) { text in
            if text.lowercased() == "none" { return [] }
            let words = text.split { $0 == "," || $0.isWhitespace }
            let networks = words.compactMap { IPNetwork($0) }
            return networks.isEmpty || networks.count < words.count || networks.count > 100 ? nil : networks
        }
    }
}
