import Engine

/// What verbs inside transactions need of the product beside the transaction: ids, chance and settings. Workflows have it
/// too, which exist before the engine does.
package struct Supplies: Sendable {
    package let settings: Arena.Settings
    let ids: TimeOrderedIDs
    let random: RandomSource

    /// - Parameter random: makes ids and secrets; must be the system's generator in production.
    package init(settings: Arena.Settings, random: RandomSource) {
        self.settings = settings
        self.random = random
        ids = TimeOrderedIDs(random: random)
    }
}
