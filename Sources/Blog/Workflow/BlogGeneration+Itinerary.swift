import Engine

extension BlogGeneration {
    /// The least that is still to come, with the times that calls usually take. Nothing while a person is still to choose:
    /// nobody knows how long that takes.
    package func itinerary(from step: Step, of job: Job<Brief>) -> [Leg] {
        let brief = job.input
        switch step {
        case .source, .ideas:
            guard brief.selectedIdea != nil || brief.autoSelect else { return [] }
            let source = step == .source ? [leg(.source)] : []
            return source + (brief.selectedIdea == nil ? [leg(.ideas)] : []) + itinerary(from: .content, of: job)
        case .content: return [leg(.content)] + (paints(brief) ? itinerary(from: .image, of: job) : publication(brief))
        case .image: return picturing(brief) + publication(brief)
        // Seen from a question in the middle of it, half of the painting is still to come on average.
        case .collect: return [leg(.collect), painting(0.5)] + publication(brief)
        case .draft: return publication(brief)
        case .schedule, .publish: return [leg(.publish)]
        }
    }

    private func paints(_ brief: Brief) -> Bool { settings.paintsImages && brief.image == .auto }

    private func picturing(_ brief: Brief) -> [Leg] {
        guard settings.paintsAtOnce, brief.image == .auto else { return [leg(.image), leg(.collect), painting(1)] }
        return [Leg(pool: settings.pools.images, cost: 1, duration: settings.typical.painting)]
    }

    private func painting(_ share: Double) -> Leg {
        Leg(pool: settings.pools.imageFiles, cost: 1, duration: settings.typical.painting * share)
    }

    private func publication(_ brief: Brief) -> [Leg] {
        brief.publishMode == .draft ? [leg(.draft)] : [leg(.draft), leg(.publish)]
    }

    private func leg(_ step: Step) -> Leg {
        let (pools, typical) = (settings.pools, settings.typical)
        return switch step {
        case .source: Leg(pool: pools.sites, cost: 1, duration: typical.source)
        case .ideas: Leg(pool: pools.model, cost: settings.ideasCost, duration: typical.ideas)
        case .content: Leg(pool: pools.model, cost: settings.articleCost, duration: typical.article)
        case .image: Leg(pool: pools.images, cost: 1, duration: typical.image)
        case .collect: Leg(pool: pools.imageFiles, cost: 1, duration: typical.collect)
        case .draft: Leg(pool: pools.sites, cost: 1, duration: typical.draft)
        case .schedule, .publish: Leg(pool: pools.sites, cost: 1, duration: typical.publish)
        }
    }
}
