import Foundation

/// Says on standard error what begins, so that whoever waits knows for what.
enum LoadProgress {
    static let say: @Sendable (String) -> Void = { FileHandle.standardError.write(Data("load: \($0)\n".utf8)) }
}
