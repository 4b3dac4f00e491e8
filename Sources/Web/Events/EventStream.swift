import HTTPTypes
import Hummingbird
import NIOCore
import ServiceLifecycle

/// Answers with a stream of server-sent events that lasts until its subject ends, the client leaves or the server stops.
struct EventStream: Sendable {
    let feed: EventFeed

    /// - Parameter step: called at once, after news and at every heartbeat; what it sends is written in order.
    func response(
        to call: Call, on interest: EventSubscription.Interest,
        step: @escaping @Sendable (EventSubscription.News) async throws -> StreamStep
    ) throws -> Response {
        guard feed.hasRoom else { throw Problem.tooManyStreams }
        let (feed, request, channel) = (feed, call.request, call.context.channel)
        return Response(
            status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store", .bufferingOff: "no"],
            body: .init { writer in
                let subscription = feed.subscribe(to: interest)
                defer { feed.remove(subscription) }
                try await writer.write(ByteBuffer(string: "retry: 2000\n\n"))
                try await withGracefulShutdownHandler {
                    try await request.body.consumeWithInboundCloseHandler { _ in
                        try await Self.write(to: &writer, of: subscription, step: step)
                    } onInboundClosed: {
                        subscription.close()
                    }
                } onGracefulShutdown: {
                    subscription.close()
                    // A client that does not read would hold the shutdown: it gets a second to take the end.
                    channel?.eventLoop.scheduleTask(in: .seconds(1)) { channel?.close(promise: nil) }
                }
                try await writer.finish(nil)
            })
    }

    @concurrent private static func write(
        to writer: inout any ResponseBodyWriter, of subscription: EventSubscription,
        step: @Sendable (EventSubscription.News) async throws -> StreamStep
    ) async throws {
        for await _ in subscription.bell {
            let next: StreamStep
            do {
                next = try await step(subscription.take())
            } catch let error where !(error is CancellationError) {
                // The answer has begun, so no status can say it; the client comes back and asks from where it was.
                return
            }
            switch next {
            case .send(let events):
                try await writer.write(ByteBuffer(string: events.isEmpty ? ": alive\n\n" : events.map(\.text).joined()))
            case .finish(let events):
                try await writer.write(ByteBuffer(string: events.map(\.text).joined()))
                return
            }
        }
    }
}

extension Problem {
    static let tooManyStreams = Problem(
        .serviceUnavailable, code: "server.too_many_streams", detail: "Too many live streams are open.",
        hint: "Ask for the plain answer every few seconds instead.", headers: [.retryAfter: "10"])
}

extension HTTPField.Name {
    /// Tells nginx to pass each event on at once.
    static let bufferingOff = Self("X-Accel-Buffering")!
    static let lastEventID = Self("Last-Event-ID")!
}
