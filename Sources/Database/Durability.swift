/// A setting under which an acknowledged commit could be lost.
///
/// A server refuses to start with one: what it answers with "accepted" must survive a power cut.
public struct DurabilityProblem: Sendable, Equatable, CustomStringConvertible {
    public let setting: String
    public let value: String
    public let wanted: String

    public init(setting: String, value: String, wanted: String) {
        self.setting = setting
        self.value = value
        self.wanted = wanted
    }

    public var description: String { "\(setting) is \(value); it must be \(wanted)" }
}
