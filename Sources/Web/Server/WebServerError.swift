/// Why the server could not start or go on; shown to whoever started it.
package struct WebServerError: Error, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        case portInUse = "server.port_in_use"
        case addressNotAvailable = "server.address_not_available"
        case notPermitted = "server.not_permitted"
        case cannotListen = "server.cannot_listen"
    }

    package let code: Code
    package let message: String
    /// What to type or change.
    package let hint: String

    package var description: String { "\(code.rawValue): \(message) \(hint)" }
}
