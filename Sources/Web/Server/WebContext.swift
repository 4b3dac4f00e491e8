import Hummingbird
import Logging
import NIOCore

/// What a request carries on its way through the server.
package struct WebContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// Ties log lines, answers and provider calls of one request together; 32 hexadecimal digits.
    package var trace = TraceID.none
    /// The whole body; the server has read it within its limits before the route is called.
    package var body = ByteBuffer()

    /// The connection, for streams that must be able to end it.
    let channel: (any Channel)?

    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }
}
