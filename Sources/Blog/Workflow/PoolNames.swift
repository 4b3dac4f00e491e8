import Engine

/// Which pool each step draws on. Ideas and articles share one: a pool is a provider's limit, not a model.
package struct PoolNames: Sendable {
    /// Requests and tokens of the language model.
    package var model: PoolName = "model"
    /// Orders at the image provider.
    package var images: PoolName = "images"
    /// Questions and downloads there.
    package var imageFiles: PoolName = "image-files"
    /// Calls to the owners' sites; the limit is each lane's own.
    package var sites: PoolName = "sites"
    package init() {}
}

/// The limits that operators set, as pools.
package struct BlogLimits: Sendable {
    package var modelRequestsPerMinute: Double = 450
    package var modelTokensPerMinute: Double = 450_000
    package var imageRequestsPerMinute: Double = 450
    /// Pictures that the provider paints at one time, over all workers; nil is no limit.
    package var imageConcurrency: Int?
    /// An order of which nothing more is heard gives its place back after this: a little more than an order's patience.
    package var imagePlaceLife = Duration.seconds(360)
    /// Replicate allows 3,000 reads a minute beside the orders.
    package var imageReadsPerMinute: Double = 3_000
    /// One site's own limit.
    package var siteRequestsPerMinute: Double = 200
    /// A site's calls that may start together.
    package var siteBurst: Double = 10
    /// One site's calls in flight, in each pool; nil is no cap.
    package var tenantConcurrency: Int?
    package init() {}

    /// - Parameter steps: the largest step's cost bounds what may start at one instant, and two of them a newcomer's credit.
    package func pools(_ names: PoolNames = PoolNames(), largestStep: Double = 4_000) -> [PoolDefinition] {
        var model = PoolDefinition(names.model)
        model.requestsPerMinute = modelRequestsPerMinute
        model.costPerMinute = modelTokensPerMinute
        // A second's worth of tokens, or one article if the limit is so low that a second does not pay for it.
        model.costBurst = min(max(modelTokensPerMinute / 60, largestStep), modelTokensPerMinute)
        model.credit = 2 * largestStep
        var images = PoolDefinition(names.images)
        images.requestsPerMinute = imageRequestsPerMinute
        images.concurrency = imageConcurrency
        if imageConcurrency != nil {
            images.place = PlaceTerms(life: imagePlaceLife, signal: BlogGeneration.imageSignalName)
        }
        images.credit = 2
        var files = PoolDefinition(names.imageFiles)
        files.requestsPerMinute = imageReadsPerMinute
        files.requestBurst = max(1, imageReadsPerMinute / 60)
        files.credit = 2
        var sites = PoolDefinition(names.sites)
        sites.credit = 2
        sites.lane.requestsPerMinute = siteRequestsPerMinute
        sites.lane.requestBurst = siteBurst
        var pools = [model, images, files, sites]
        for index in pools.indices { pools[index].lane.concurrency = tenantConcurrency }
        return pools
    }
}
