import Outbound

extension OutboundURL {
    /// An address of ours.
    ///
    /// - Precondition: `text` is an address; only literals are passed.
    init(known text: StaticString) {
        do {
            try self.init(String(describing: text))
        } catch {
            preconditionFailure("an address in the source is not an address: \(text)")
        }
    }
}
