import Foundation
import Synchronization

@testable import Providers

/// An image provider whose orders a test decides; by default pending once, then ready.
final class FakeImages: ImageProvider {
    typealias Progress = @Sendable (_ order: Int, _ question: Int) throws -> ImageProgress
    typealias Fetch = @Sendable (_ url: String) throws -> ImageFile

    private struct State {
        var requests: [ImageRequest] = []
        var questions: [String: Int] = [:]
        var cancelled: [String] = []
        var create: @Sendable (Int) throws -> Void = { _ in }
        var progress: Progress = { _, question in
            question < 2 ? .pending : .ready(url: "https://images.test/picture.png")
        }
        var known: [String: ImageTicket] = [:]
        var paintsAtOnce = false
        var holdsFirst = false
        var fetch: Fetch = { _ in FakeImages.file }
        var atWork = 0
        var mostAtWork = 0
    }
    private let state = Mutex(State())

    static let bytes: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 255, 1]
    /// No picture that we take, and a PNG that claims ten thousand million pixels.
    static let drawing = Array("<svg xmlns='http://www.w3.org/2000/svg'/>".utf8)
    static let bomb: [UInt8] = [
        0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 1, 0x86, 0xA0, 0, 1,
        0x86, 0xA0, 8, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82,
    ]
    private static let file = ImageFile(bytes: bytes, kind: .png, width: 1280, height: 720)

    var requests: [ImageRequest] { state.withLock { $0.requests } }
    /// The most orders that were being painted at one time.
    var mostAtWork: Int { state.withLock { $0.mostAtWork } }
    var cancelled: [String] { state.withLock { $0.cancelled } }
    /// How often it was asked about any order.
    var questions: Int { state.withLock { $0.questions.values.reduce(0, +) } }

    func whenAsked(_ progress: @escaping Progress) { state.withLock { $0.progress = progress } }
    func whenOrdered(_ create: @escaping @Sendable (Int) throws -> Void) { state.withLock { $0.create = create } }
    func whenFetched(_ fetch: @escaping Fetch) { state.withLock { $0.fetch = fetch } }
    /// The first order is taken, but never answered.
    func holdFirstAnswer() { state.withLock { $0.holdsFirst = true } }
    /// From now on it takes no orders, but answers with the picture.
    func paintAtOnce() { state.withLock { $0.paintsAtOnce = true } }

    func create(_ request: ImageRequest, deadline: Duration) async throws -> ImageTicket {
        let (number, create, paintsAtOnce) = state.withLock { state in
            state.requests.append(request)
            // The order is taken before its answer can be lost.
            if !state.paintsAtOnce { state.known[request.marker] = ImageTicket(id: "order-\(state.requests.count)") }
            return (state.requests.count, state.create, state.paintsAtOnce)
        }
        if number == 1, state.withLock({ $0.holdsFirst }) { try await Task.sleep(for: .seconds(60)) }
        try create(number)
        if paintsAtOnce { return ImageTicket(id: "call-\(number)", progress: .painted(Self.file)) }
        state.withLock { state in
            state.atWork += 1
            state.mostAtWork = max(state.mostAtWork, state.atWork)
        }
        return ImageTicket(id: "order-\(number)")
    }

    func collect(_ id: String, deadline: Duration) async throws -> ImageProgress {
        let (order, question, progress) = state.withLock { state in
            state.questions[id, default: 0] += 1
            return (Int(id.dropFirst(6)) ?? 0, state.questions[id] ?? 0, state.progress)
        }
        let answer = try progress(order, question)
        if answer != .pending { state.withLock { $0.atWork -= 1 } }
        return answer
    }

    func download(_ url: String, deadline: Duration) async throws -> ImageFile {
        let fetch = state.withLock { $0.fetch }
        return try fetch(url)
    }

    func cancel(_ id: String, deadline: Duration) async throws { state.withLock { $0.cancelled.append(id) } }

    func find(marker: String, since: Date, deadline: Duration) async throws -> ImageTicket? {
        state.withLock { $0.known[marker] }
    }
}
