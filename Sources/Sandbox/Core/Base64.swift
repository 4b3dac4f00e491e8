import Foundation

/// Base64 as JSON carries bytes, and as tokens do.
enum Base64 {
    static func text(of bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }

    /// With the alphabet of addresses and without padding (RFC 4648, section 5).
    static func urlText(of bytes: [UInt8]) -> String {
        text(of: bytes).replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
