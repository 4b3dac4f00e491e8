import Engine
import ProductKit

/// An owner's web site: Blog's tenant.
package struct Site: Sendable, Hashable {
    package let tenant: TenantID
    /// The public name in paths, folders and keys: 1–64 letters, digits, `-`, `_` and `.`; unique; the engine's tenant name.
    package let instanceID: String
    /// For people.
    package var name: String
    package var settings: SiteSettings
    package let createdAt: Timestamp
    /// Since when nothing opens it any more, neither key nor signed instance; nil for a site in use.
    package let closedAt: Timestamp?
}

/// Whose generations a verb may see. Another site's look exactly as if they did not exist.
package enum Scope: Sendable, Hashable {
    case site(Site)
    /// For the operator and the command line only.
    case allSites
}
