/// Named places where a test makes a process die, stop or fail. Compiled into debug builds only; elsewhere a place
/// costs nothing and does nothing.
public struct Failpoints: Sendable {
    #if DEBUG
        private let action: (@Sendable (String) throws -> Void)?
        /// - Parameter action: called with the name of each place that is passed, such as `content.received`.
        public init(_ action: (@Sendable (String) throws -> Void)? = nil) { self.action = action }
        public func pass(_ name: @autoclosure () -> String) throws {
            guard let action else { return }
            try action(name())
        }
    #else
        public init() {}
        public func pass(_ name: @autoclosure () -> String) throws {}
    #endif

    public static let none = Failpoints()
}
