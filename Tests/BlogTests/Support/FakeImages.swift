import Foundation
import Synchronization

@testable import Providers

/// An image provider whose orders a test decides; by default pending once, then ready.
final class FakeImages: ImageProvider {
    typealias Progress = @Sendable (_ order: Int, _ question: Int) throws -> ImageProgress

    private struct State {
        var requests: [ImageRequest] = []
        var questions: [String: Int] = [:]
        var cancelled: [String] = []
        var create: @Sendable (Int) throws -> Void = { _ in }
        var progress: Progress = { _, question in
            question < 2 ? .pending : .ready(url: "https://images.test/picture.png")
        }
        var known: [String: ImageTicket] = [:]
        var atWork = 0
        var mostAtWork = 0
    }
    private let state = Mutex(State())

    static let bytes: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 255, 1]

    var requests: [ImageRequest] { state.withLock { $0.requests } }
    /// The most orders that were being painted at one time.
    var mostAtWork: Int { state.withLock { $0.mostAtWork } }
    var cancelled: [String] { state.withLock { $0.cancelled } }

    func whenAsked(_ progress: @escaping Progress) { state.withLock { $0.progress = progress } }
    func whenOrdered(_ create: @escaping @Sendable (Int) throws -> Void) { state.withLock { $0.create = create } }

    func create(_ request: ImageRequest, deadline: Duration) async throws -> ImageTicket {
        let (number, create) = state.withLock { state in
            state.requests.append(request)
            // The order is taken before its answer can be lost.
            state.known[request.marker] = ImageTicket(id: "order-\(state.requests.count)")
            return (state.requests.count, state.create)
        }
        try create(number)
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
        ImageFile(bytes: Self.bytes, kind: .png, width: 1280, height: 720)
    }

    func cancel(_ id: String, deadline: Duration) async throws { state.withLock { $0.cancelled.append(id) } }

    func find(marker: String, since: Date, deadline: Duration) async throws -> ImageTicket? {
        state.withLock { $0.known[marker] }
    }
}
