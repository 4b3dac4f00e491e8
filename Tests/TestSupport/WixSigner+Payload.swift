import Crypto
import Foundation

extension WixSigner {
    /// A signed instance with any payload: a good signature says nothing of what stands below it.
    package static func instance(payload: [UInt8], secret: String) -> String {
        let encoded = word(Data(payload))
        let code = HMAC<SHA256>.authenticationCode(
            for: Data(encoded.utf8), using: SymmetricKey(data: Data(secret.utf8)))
        return "\(word(Data(code))).\(encoded)"
    }

    /// In base64 as addresses hold it.
    private static func word(_ data: Data) -> String {
        let letters = data.base64EncodedString().compactMap { letter -> Character? in
            switch letter {
            case "+": "-"
            case "/": "_"
            case "=": nil
            default: letter
            }
        }
        return String(letters)
    }
}
