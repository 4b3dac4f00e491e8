import Hummingbird
import NIOCore

extension RequestBody {
    /// Reads the whole body, at most `bytesMax` of it.
    ///
    /// A body that is too large is read on and thrown away for a while, because a client that is still writing would
    /// miss the answer; past that its connection is given up. The caller must set a deadline: the idle timeout starts
    /// anew with every byte, so that a dripped body would never end.
    /// - Throws: ``Problem``.
    func collected(upTo bytesMax: Int, declaredBytes: Int?) async throws -> ByteBuffer {
        let discardMax = bytesMax + 4 << 20
        var buffer = ByteBuffer()
        var sizeBytes = 0
        for try await part in self {
            sizeBytes += part.readableBytes
            if sizeBytes <= bytesMax { buffer.writeImmutableBuffer(part) }
            // Cancelling this task ends the connection's input, which is the only way to stop reading it.
            if sizeBytes > discardMax { withUnsafeCurrentTask { $0?.cancel() } }
        }
        if sizeBytes > bytesMax { throw Problem.bodyTooLarge(bytesMax: bytesMax) }
        if let declaredBytes, sizeBytes < declaredBytes { throw CancellationError() }
        return buffer
    }
}
