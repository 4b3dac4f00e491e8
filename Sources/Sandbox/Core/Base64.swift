import Foundation

/// Base64 as JSON carries bytes.
enum Base64 {
    static func text(of bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }
}
