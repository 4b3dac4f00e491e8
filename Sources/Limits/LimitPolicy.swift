/// How much one subject may ask for: so many permits in any window.
///
/// The name stands in headers, in metrics and in the database; two policies with one name would share their counts.
package struct LimitPolicy: Sendable, Hashable {
    /// Lower-case letters, digits and underscores.
    package let name: String
    package let permits: Int
    package let window: Duration

    /// - Parameters:
    ///   - permits: 1 to 1,000,000.
    ///   - window: 1 second to 1 hour, in whole seconds.
    package init(_ name: String, permits: Int, window: Duration = .seconds(60)) {
        precondition((1...1_000_000).contains(permits), "the limit \(name) allows nothing or everything")
        precondition(
            (1...3600).contains(window.components.seconds) && window.components.attoseconds == 0,
            "the limit \(name) has a window that is none")
        precondition(
            !name.isEmpty
                && name.utf8.allSatisfy { $0 == 0x5F || (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) },
            "the limit \(name) has a name that no header can carry")
        self.name = name
        self.permits = permits
        self.window = window
    }

    /// How many permits a replica takes at a time: a twenty-fourth of all, so that what several replicas have in hand and
    /// do not spend is little beside the whole.
    package var batch: Int { max(1, permits / 24) }

    var windowMilliseconds: Int64 { window.components.seconds * 1000 }
}

extension LimitPolicy {
    /// Pages and data for everybody, by address.
    package static let publicRead = LimitPolicy("public_read", permits: 120)
    /// What anybody may send, by address.
    package static let publicWrite = LimitPolicy("public_write", permits: 30)
    /// New battles, by user.
    package static let battles = LimitPolicy("battle_create", permits: 20)
    /// New templates, by user.
    package static let templates = LimitPolicy("template_create", permits: 10)
    /// What a signed-in user's pages report, by user.
    package static let events = LimitPolicy("events", permits: 6_000)
}
