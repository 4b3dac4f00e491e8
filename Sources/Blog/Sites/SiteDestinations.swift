import Database
import Foundation
import ProductKit

/// Where a site's posts appear.
package enum PublisherKind: String, Sendable, Codable, CaseIterable {
    /// A folder on this machine.
    case folder
    /// The blog of a Wix site; the site's id is the instance id of our app there.
    case wix
}

/// Where sites' posts go, for those who know only the sites' ids.
package struct SiteDestinations: Sendable {
    package struct Destination: Sendable {
        /// What readers call the site.
        package let name: String
        /// Nil for the installation's own.
        package let publisher: PublisherKind?
    }
    private let database: any Database

    package init(_ database: any Database) { self.database = database }

    /// Whether any site says that its posts go to Wix.
    package func haveWix() async throws -> Bool {
        try await database.read { transaction in
            let pattern = "%\"publisher\":\"\(PublisherKind.wix.rawValue)\"%"
            let found: Int? = try transaction.value("select 1 from sites where settings like \(pattern) limit 1")
            return found != nil
        }
    }

    /// Nil for a site that is not registered.
    package func destination(of instanceID: String) async throws -> Destination? {
        try await database.read { transaction in
            var found: Destination?
            try transaction.forEach("select name, settings from sites where instance_id = \(instanceID)") { row in
                let settings: SiteSettings = try StoredJSON.value(try row[1] as String)
                found = Destination(name: try row[0], publisher: settings.publisher)
            }
            return found
        }
    }
}
