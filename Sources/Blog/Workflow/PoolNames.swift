import Engine

/// Which pool each step draws on. Ideas and articles share one: a pool is a provider's limit, not a model.
package struct PoolNames: Sendable {
    /// Requests and tokens of the language model.
    package var model: PoolName = "model"
    /// Those of the account that stands in for it.
    package var fallbackModel: PoolName = "model-fallback"
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
    /// A second account; nil where there is none.
    package var fallback: Fallback?
    package var imageRequestsPerMinute: Double = 450
    /// Pictures that the provider paints at one time, over all workers; nil is no limit.
    package var imageConcurrency: Int?
    /// Whether pictures are ordered and painted afterwards, rather than within the call.
    package var imagesAreOrdered = true
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

    package struct Fallback: Sendable {
        package var requestsPerMinute: Double
        package var tokensPerMinute: Double
        /// What would begin later than this at the first account goes over; nil: nothing does.
        package var after: Duration?
        package init(requestsPerMinute: Double, tokensPerMinute: Double, after: Duration?) {
            self.requestsPerMinute = requestsPerMinute
            self.tokensPerMinute = tokensPerMinute
            self.after = after
        }

        /// For installations without a second account: what went over while they had one is written by the first, slowly.
        package static let retired = Fallback(requestsPerMinute: 6, tokensPerMinute: 24_000, after: nil)
    }

    /// - Parameter steps: the largest step's cost bounds what may start at one instant, and two of them a newcomer's credit.
    package func pools(_ names: PoolNames = PoolNames(), largestStep: Double = 4_000) -> [PoolDefinition] {
        func account(_ name: PoolName, requests: Double, tokens: Double) -> PoolDefinition {
            var pool = PoolDefinition(name)
            pool.requestsPerMinute = requests
            pool.costPerMinute = tokens
            // A second's worth of tokens, or one article if the limit is so low that a second does not pay for it.
            pool.costBurst = min(max(tokens / 60, largestStep), tokens)
            pool.credit = 2 * largestStep
            return pool
        }
        var model = account(names.model, requests: modelRequestsPerMinute, tokens: modelTokensPerMinute)
        model.fallback = fallback?.after.map { FallbackTerms(names.fallbackModel, after: $0) }
        let standIns = fallback.map {
            [account(names.fallbackModel, requests: $0.requestsPerMinute, tokens: $0.tokensPerMinute)]
        }
        var images = PoolDefinition(names.images)
        images.requestsPerMinute = imageRequestsPerMinute
        images.concurrency = imageConcurrency
        if imageConcurrency != nil, imagesAreOrdered {
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
        // Behind the others: pools are numbered in this order when they are first stored.
        var pools = [model, images, files, sites] + (standIns ?? [])
        for index in pools.indices { pools[index].lane.concurrency = tenantConcurrency }
        return pools
    }
}
