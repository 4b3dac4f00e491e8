import Hummingbird
import Logging
import NIOCore

/// A request's surroundings: the connection above all, as the sandbox cuts connections on purpose.
struct SandboxContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }
}

/// Thrown after a connection has been cut; there is nobody left to answer.
struct ConnectionCut: Error {}
