import Blog

/// Who a request comes from.
enum Caller: Sendable {
    /// The owner of a site, by one of its keys.
    case site(Site)
    /// The operator, who may see and do everything.
    case `operator`

    /// How timelines name them.
    var name: String {
        switch self {
        case .site: "owner"
        case .operator: "operator"
        }
    }
}
