/// The two databases' ways of spelling SQL.
public enum Dialect: String, Sendable, Hashable, CaseIterable {
    case sqlite, postgres
}

/// What the two dialects spell differently inside one and the same statement.
public enum SQLHook: Sendable, Hashable {
    case lock(Lock)

    /// A row lock at the end of a select; nothing on SQLite, where a write transaction holds the only write lock.
    public enum Lock: Sendable, Hashable {
        case keyShare, share, noKeyUpdate, noKeyUpdateSkipLocked, update, updateSkipLocked
    }

    func text(_ dialect: Dialect) -> StaticString {
        switch (self, dialect) {
        case (.lock, .sqlite): ""
        case (.lock(.keyShare), .postgres): "for key share"
        case (.lock(.share), .postgres): "for share"
        case (.lock(.noKeyUpdate), .postgres): "for no key update"
        case (.lock(.noKeyUpdateSkipLocked), .postgres): "for no key update skip locked"
        case (.lock(.update), .postgres): "for update"
        case (.lock(.updateSkipLocked), .postgres): "for update skip locked"
        }
    }
}
