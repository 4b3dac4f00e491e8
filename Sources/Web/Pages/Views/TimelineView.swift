import Blog
import ProductKit

/// One line of what happened.
struct TimelineView: Sendable {
    let at: String
    let clock: String
    let text: String

    init(_ entry: TimelineEntry) {
        at = entry.at.description
        // 2026-11-21T08:30:00.250Z
        clock = entry.at.description.dropFirst(11).prefix(8) + " UTC"
        text = entry.text
    }
}
