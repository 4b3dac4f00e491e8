/// How a site's refusals of calls follow each other: how long to wait after the next, and when to believe them no more.
///
/// Several calls that are refused together are told to wait longer and longer, so that they do not come back together.
struct WixRefusals: Sendable {
    /// After so much time bursts were seen to be admitted again.
    private static let pauses: [Duration] = [
        .milliseconds(500), .milliseconds(1_500), .seconds(4), .seconds(9), .seconds(20),
    ]
    /// Refusals further apart than this have nothing to do with each other.
    private static let gapMax = Duration.seconds(120)
    /// Longer than any minute's limit can last.
    private static let silenceMax = Duration.seconds(600)

    private var count = 0
    private var began = Duration.zero
    private var last = Duration.zero

    /// A call was refused.
    ///
    /// - Parameter now: on a clock that only runs forward.
    /// - Returns: how long to wait; nil when the site has said nothing else for so long that it does not mean the rate.
    mutating func refused(_ refusal: WixFailure.Refusal, at now: Duration) -> Duration? {
        if count == 0 || now - last > Self.gapMax { (count, began) = (0, now) }
        (count, last) = (count + 1, now)
        if refusal == .silent, now - began > Self.silenceMax { return nil }
        return Self.pauses[min(count, Self.pauses.count) - 1]
    }
}
