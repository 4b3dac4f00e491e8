import Engine

extension BlogGeneration {
    package func next(after done: Done, of job: Job<Brief>) throws -> Next<Step> {
        let brief = job.input
        if brief.needsSource, done.rounds(of: .source) == 0 { return .run(.source, on: settings.pools.sites, cost: 1) }
        if done.rounds(of: .content) == 0 { return try nextBeforeContent(done, brief) }
        if done.rounds(of: .draft) == 0 {
            return try nextOfImage(done, brief) ?? .run(.draft, on: settings.pools.sites, cost: 1)
        }
        return try nextAfterDraft(done, brief)
    }

    /// The signal with which an owner answers the ideas of a round.
    static func selectionSignal(round: Int) -> String { "selection#\(round)" }
    /// The signal with which the image provider reports the end of an order.
    static func imageSignal(order: Int) -> String { "\(imageSignalName)#\(order)" }
    static let imageSignalName = "image"

    private func nextBeforeContent(_ done: Done, _ brief: Brief) throws -> Next<Step> {
        if brief.selectedIdea != nil { return try write(brief, done) }
        let round = try Self.openRound(done)
        let known = done.rounds(of: .ideas)
        if known < round {
            let cost = try cost(of: ideasPrompt(for: brief, done, round: known + 1), atLeast: settings.ideasCost)
            return .run(.ideas, round: known + 1, on: settings.pools.model, cost: cost)
        }
        let name = Self.selectionSignal(round: round)
        if done.signal(name) != nil || brief.autoSelect { return try write(brief, done) }
        // The only wait before the article is this one, so a timer here is its end.
        if done.cause == .timer { return .fail(Self.selectionExpired) }
        return .wait(for: name, timeout: settings.selectionExpiry)
    }

    private func write(_ brief: Brief, _ done: Done) throws -> Next<Step> {
        let cost = try cost(of: articlePrompt(for: brief, done), atLeast: settings.articleCost)
        return .run(.content, on: settings.pools.model, cost: cost)
    }

    /// The round whose selection counts: one more for each time the owner asked for other ideas.
    static func openRound(_ done: Done) throws -> Int {
        var round = 1
        while round < Selection.roundsMax, let signal = done.signal(selectionSignal(round: round)),
            case .regenerate = try signal.decode(as: Selection.self)
        {
            round += 1
        }
        return round
    }

    /// Nil when the picture has its outcome: there, failed, or not wanted.
    private func nextOfImage(_ done: Done, _ brief: Brief) throws -> Next<Step>? {
        guard try wantsImage(done, brief) else { return nil }
        let orders = done.rounds(of: .image)
        guard orders > 0, let order: Ordered = try done.result(of: .image) else {
            // A product's own picture needs no order, only a download.
            return .run(
                .image, on: brief.image == .product ? settings.pools.imageFiles : settings.pools.images, cost: 1)
        }
        if order.failure != nil || order.isPainted == true { return nil }
        let collected: Collected? = try done.result(of: .collect)
        guard let collected, collected.order == nil || collected.order == orders else {
            return nextQuestion(1, about: order, number: orders, done)
        }
        switch collected.outcome {
        case .ready: return nil
        case .pending: return nextQuestion((collected.question ?? 0) + 1, about: order, number: orders, done)
        case .failed:
            guard collected.isWorthRepeating == true, orders < settings.imageOrdersMax else { return nil }
            return .run(.image, round: orders + 1, on: settings.pools.images, cost: 1)
        }
    }

    private func wantsImage(_ done: Done, _ brief: Brief) throws -> Bool {
        switch brief.image {
        case .auto: settings.paintsImages
        case .none: false
        case .product: try product(of: brief, done)?.image != nil
        }
    }

    /// Asks at once what is known to be ready; else lies down until the provider's signal or the next question is due.
    private func nextQuestion(_ question: Int, about order: Ordered, number: Int, _ done: Done) -> Next<Step> {
        let ask = Next<Step>.run(
            .collect, round: done.rounds(of: .collect) + 1, on: settings.pools.imageFiles, cost: 1)
        let signal = Self.imageSignal(order: number)
        if order.url != nil || done.cause != .recorded { return ask }
        let pause = settings.polling.pause(before: question)
        // The signal is a hint: when it has come and the picture was not there after all, time decides.
        return done.signal(signal) == nil || question == 1 ? .wait(for: signal, timeout: pause) : .sleep(pause)
    }

    private func nextAfterDraft(_ done: Done, _ brief: Brief) throws -> Next<Step> {
        if brief.publishMode == .draft || done.rounds(of: .publish) > 0 { return .finish }
        if brief.publishMode == .schedule {
            let readings = done.rounds(of: .schedule)
            let due: Due? = try done.result(of: .schedule)
            if due.map({ $0.inMilliseconds > 0 }) ?? true {
                // Only the clock's own reading may be slept on: after a retry or a timer it is read anew.
                if let due, done.cause == .recorded { return .sleep(.milliseconds(due.inMilliseconds)) }
                return .run(.schedule, round: readings + 1, on: settings.pools.sites, cost: 1)
            }
        }
        return .run(.publish, on: settings.pools.sites, cost: 1)
    }

    private static let selectionExpired = StepFailure(
        code: "selection.expired", message: "Nobody chose an idea within 14 days.",
        hint: "Retry to choose among the same ideas.", retry: .never)
}
