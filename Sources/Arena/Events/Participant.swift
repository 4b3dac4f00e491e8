import Crypto
import Foundation

/// Who did something, signed in or not.
package enum Participant: Sendable {
    case user(UserID, timeZone: String)
    /// Somebody at an address, which is not stored: a digest with the server's secret stands for it.
    case anonymous(address: String)

    var userID: UserID? { if case .user(let id, _) = self { id } else { nil } }
    var timeZone: String { if case .user(_, let zone) = self { zone } else { "UTC" } }

    func key(_ secret: [UInt8]) -> String {
        switch self {
        case .user(let id, _): return id.rawValue
        case .anonymous(let address):
            let code = HMAC<SHA256>.authenticationCode(
                for: Data("visitor \(address)".utf8), using: SymmetricKey(data: secret))
            return "anon:" + Data(code).base64URL.prefix(22)
        }
    }
}

extension Member {
    package var participant: Participant { .user(id, timeZone: timeZone) }
}
