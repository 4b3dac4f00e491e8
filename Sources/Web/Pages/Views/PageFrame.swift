/// What every page needs around its content.
struct PageFrame: Sendable {
    var title: String
    var isSandbox: Bool
    var canSignOut: Bool
    /// Changes whenever the style sheet or the script does.
    var assetVersion: String
    /// Where live news of this page come from; nil for a page that stands still.
    var eventsURL: String?
    /// A short message about what was just done.
    var notice: String?
}
