import Database
import Engine
import Foundation
import Providers
import Publishers

extension BlogGeneration {
    /// Everything outside that an article needs, as arguments.
    package struct World: Sendable {
        /// The engine's own; read before a call goes out, never while it is under way.
        package var database: any Database
        package var languageModel: any LanguageModel
        /// Who is asked instead where a step draws on another pool than the model's own, by that pool.
        package var otherAccounts: [PoolName: ModelAccount] = [:]
        /// Nil when no picture can be painted.
        package var images: (any ImageProvider)?
        /// Who fetches a product's own picture, from an address that its shop wrote; by default the image provider.
        package var photos: (any ImageSource)?
        package var products: any ProductSource
        /// Where a site's posts go, by its instance id.
        package var publisher: @Sendable (String) async throws -> any Publisher
        package var wallClock: @Sendable () -> Date

        package init(
            database: any Database, languageModel: any LanguageModel, images: (any ImageProvider)?,
            products: any ProductSource = ProductCatalogue(), wallClock: @escaping @Sendable () -> Date,
            publisher: @escaping @Sendable (String) async throws -> any Publisher
        ) {
            self.database = database
            self.languageModel = languageModel
            self.images = images
            photos = images
            self.products = products
            self.publisher = publisher
            self.wallClock = wallClock
        }
    }
}
