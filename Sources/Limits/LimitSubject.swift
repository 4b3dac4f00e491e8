/// Who is counted.
package enum LimitSubject: Sendable, Hashable {
    /// A caller known by address alone; of an IPv6 address its /64, which is what one household or machine is given.
    case address(IPAddress)
    /// A caller whose address nobody knows, as over a socket in the file system: all of them together.
    case unknownAddress
    case user(String)
    case site(String)

    var text: String {
        switch self {
        case .address(let address): address.isV6 ? "\(address.network(bits: 64))" : "\(address)"
        case .unknownAddress: "unknown"
        case .user(let id): "user:\(id.prefix(100))"
        case .site(let id): "site:\(id.prefix(100))"
        }
    }
}

/// One subject under one policy: what has a count of its own.
struct LimitKey: Sendable, Hashable {
    let policy: LimitPolicy
    let subject: String

    /// The row's key.
    var id: String { "\(policy.name) \(subject)" }
}
