/// Why a sandbox could not start or take an instruction.
package struct SandboxError: Error, CustomStringConvertible {
    package enum Code: String, Sendable {
        case badConfiguration = "sandbox.bad_configuration"
        case badFaults = "sandbox.bad_faults"
        case badRequest = "sandbox.bad_request"
        case cannotListen = "sandbox.cannot_listen"
        case cannotLog = "sandbox.cannot_log"
        case stopped = "sandbox.stopped"
    }

    package let code: Code
    package let message: String
    /// What to do about it.
    package let hint: String?
    package let cause: (any Error)?

    package init(code: Code, message: String, hint: String? = nil, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
        self.cause = cause
    }

    package var description: String {
        "\(code.rawValue): \(message)" + (hint.map { " (\($0))" } ?? "")
    }
}
