import Engine
import Foundation
import Logging
import ProductKit
import Providers

/// The steps that end in a picture, or in the reason why there is none.
extension BlogGeneration {
    func orderImage(for job: Job<Brief>, after done: Done, in context: StepContext) async throws -> Recording {
        if job.input.image == .product {
            return try ordered(Ordered(url: product(of: job.input, done)?.image), of: job.id)
        }
        let provider = try imageProvider()
        let marker = Self.imageMarker(job.id, order: context.round)
        if context.mayHaveActed(after: done), let lost = try await findOrder(marker, since: job, provider, in: context)
        {
            return try ordered(lost, of: job.id)
        }
        let written: Written? = try done.result(of: .content)
        let request = ImageRequest(
            prompt: written?.imagePrompt ?? job.input.sourceId, aspectRatio: settings.aspectRatio, marker: marker,
            webhook: webhook(of: job.id, order: context.round))
        let ticket = try await context.calling("image", defaultPause: settings.defaultPause) {
            try await order(request, from: provider, in: context)
        }
        return try ordered(ticket, of: job.id)
    }

    func collectImage(for job: Job<Brief>, after done: Done, in context: StepContext) async throws
        -> Recording
    {
        let number = done.rounds(of: .image)
        guard let order: Ordered = try done.result(of: .image, round: number) else {
            return try collected(.lost, job.id)
        }
        let last: Collected? = try done.result(of: .collect)
        var answer = Collected(
            outcome: .pending, order: number, question: (last?.order == number ? last?.question ?? 0 : 0) + 1)
        switch try await progress(of: order, in: context) {
        case .ready(let url):
            let file = try await fetch(url, of: order, in: context)
            answer.outcome = .ready
            return try pictured(answer, file, of: job.id)
        case .painted(let file):
            payForPicture(in: context)
            answer.outcome = .ready
            return try pictured(answer, file, of: job.id)
        case .failed(let failure):
            if failure.code == .expired { payForPicture(in: context) }
            answer.fail(failure.code.rawValue, failure.message, isWorthRepeating: failure.isWorthRepeating)
        case .pending where settings.polling.isLast(answer.question ?? 1):
            await giveUp(order, in: context)
            answer.fail("image.timed_out", "The picture was not ready in time.", isWorthRepeating: false)
        case .pending: break
        }
        return try collected(answer, job.id)
    }

    package func absorb(_ failure: StepFailure, at step: Step, of job: Job<Brief>) -> Recording? {
        let reason = Failure(code: failure.code, message: failure.message)
        // A recording of these plain values cannot fail to be encoded; if it did, the job would fail with this failure.
        switch step {
        case .image: return try? ordered(Ordered(failure: reason), of: job.id)
        case .collect: return try? collected(Collected(outcome: .failed, failure: reason), job.id)
        default: return nil
        }
    }

    static func imageMarker(_ id: JobID, order: Int) -> String { "\(id)-\(order)" }

    private func webhook(of id: JobID, order: Int) -> String? {
        guard let address = settings.imageWebhook?(id, order), !address.isEmpty else { return nil }
        return address
    }

    private func imageProvider() throws -> any ImageProvider {
        if let images = world.images { return images }
        throw StepFailure(
            code: "image.no_provider", message: "No image provider is configured.",
            hint: "Set a token for one, or ask for articles with image none.", retry: .never)
    }

    /// An order whose answer was lost is adopted instead of paid twice.
    private func findOrder(
        _ marker: String, since job: Job<Brief>, _ provider: any ImageProvider, in context: StepContext
    ) async throws -> ImageTicket? {
        let since = Date(timeIntervalSince1970: job.createdAt / 1000)
        return try await context.calling("image.find", defaultPause: settings.defaultPause) {
            try await provider.find(marker: marker, since: since, deadline: context.timeout)
        }
    }

    private func progress(of order: Ordered, in context: StepContext) async throws -> ImageProgress {
        if let url = order.url { return .ready(url: url) }
        guard let id = order.id else { return .failed(ImageFailure(.failed, "There was no order to ask about.")) }
        let provider = try imageProvider()
        return try await context.calling("collect", defaultPause: settings.defaultPause) {
            try await provider.collect(id, deadline: context.timeout)
        }
    }

    /// Orders, and pays where the answer is the picture, or was to be.
    private func order(
        _ request: ImageRequest, from provider: any ImageProvider, in context: StepContext
    ) async throws -> ImageTicket {
        do {
            let ticket = try await provider.create(request, deadline: context.timeout)
            if case .painted = ticket.progress { payForPicture(in: context) }
            return ticket
        } catch let error as ProviderError {
            if error.usage != nil { payForPicture(in: context) }
            throw error
        }
    }

    /// Fetches the picture; type, size and dimensions are checked by whoever makes an `ImageFile`.
    private func fetch(_ url: String, of order: Ordered, in context: StepContext) async throws -> ImageFile {
        // A product's own picture was not painted by anyone who is paid.
        let isPainted = order.id != nil
        let source: any ImageSource
        if !isPainted, let photos = world.photos { source = photos } else { source = try imageProvider() }
        do {
            let file = try await context.calling("collect.download", defaultPause: settings.defaultPause) {
                try await source.download(url, deadline: context.timeout)
            }
            if isPainted { payForPicture(in: context) }
            return file
        } catch let failure as StepFailure where isPainted && failure.retry == .never {
            // It was painted, and is of no use.
            payForPicture(in: context)
            throw failure
        }
    }

    private func payForPicture(in context: StepContext) {
        let price = settings.prices.microdollarsOfImage(settings.imageModel)
        context.meter.add(
            Meter.Usage(provider: settings.imageProvider, model: settings.imageModel, microdollars: price, cost: 1))
    }

    private func giveUp(_ order: Ordered, in context: StepContext) async {
        guard let id = order.id, let provider = world.images else { return }
        do { try await provider.cancel(id, deadline: .seconds(5)) } catch {
            context.logger.notice("could not cancel a late picture", metadata: ["order": "\(id)", "error": "\(error)"])
        }
    }

    /// An order as far as it has come; the picture itself, where the provider answered with it.
    private func ordered(_ ticket: ImageTicket, of id: JobID) throws -> Recording {
        let order = Ordered(ticket)
        return switch ticket.progress {
        case .painted(let file): try pictured(order, file, of: id)
        case .ready: try ordered(order, of: id).releasing(settings.pools.images)
        case .pending, .failed: try ordered(order, of: id)
        }
    }

    /// A result that brings the picture, whose bytes are stored with it.
    private func pictured(_ result: some Encodable, _ file: ImageFile, of id: JobID) throws -> Recording {
        try Recording(result) { transaction in try Self.store(file, of: id, in: transaction) }
            .releasing(settings.pools.images)
    }

    private func ordered(_ order: Ordered, of id: JobID) throws -> Recording {
        try Recording(order) { transaction in
            try Self.store(image: order.failure == nil ? .ordered : .failed, order.failure, of: id, in: transaction)
        }
    }

    private func collected(_ answer: Collected, _ id: JobID) throws -> Recording {
        guard answer.outcome == .failed else { return try Recording(answer) }
        return try Recording(answer) { transaction in
            try Self.store(image: .failed, answer.failure, of: id, in: transaction)
        }
        .releasing(settings.pools.images)
    }
}

extension BlogGeneration.Ordered {
    init(_ ticket: ImageTicket) {
        id = ticket.id
        switch ticket.progress {
        case .ready(let url): self.url = url
        case .painted: isPainted = true
        case .pending, .failed: break
        }
    }
}

extension BlogGeneration.Collected {
    static let lost = Self(
        outcome: .failed, failure: .init(code: "image.order_missing", message: "There was no order to ask about."))

    mutating func fail(_ code: String, _ message: String, isWorthRepeating: Bool) {
        outcome = .failed
        failure = .init(code: code, message: message)
        self.isWorthRepeating = isWorthRepeating
    }
}
