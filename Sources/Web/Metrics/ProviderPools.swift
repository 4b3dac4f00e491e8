import Engine

/// Which pools stand for the two providers of the older system's figures.
package struct ProviderPools: Sendable {
    package var model: PoolName = "model"
    package var images: PoolName = "images"
    package init() {}
}
