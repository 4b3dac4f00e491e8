import Database

/// What readers call a site; for publishers, which know only its id.
package struct SiteNames: Sendable {
    private let database: any Database

    package init(_ database: any Database) { self.database = database }

    /// Nil for a site that is not registered.
    package func name(of instanceID: String) async throws -> String? {
        try await database.read { transaction in
            try transaction.value("select name from sites where instance_id = \(instanceID)")
        }
    }
}
