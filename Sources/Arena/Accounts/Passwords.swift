import Crypto
import CryptoExtras
import Engine
import Foundation

/// Hashes passwords with scrypt, and compares.
///
/// What is stored says how it was made, so that a higher cost applies to new passwords while old ones stay valid.
package struct Passwords: Sendable {
    /// How much work and memory a guess takes: `128 · blockSize · rounds` bytes.
    package struct Cost: Sendable, Hashable {
        /// The logarithm of the rounds to base 2.
        package var logRounds: Int
        package var blockSize: Int
        package var parallelism: Int

        /// 32 MiB and about a tenth of a second, as OWASP's password storage guide asks of scrypt with that memory.
        package init(logRounds: Int = 15, blockSize: Int = 8, parallelism: Int = 3) {
            self.logRounds = logRounds
            self.blockSize = blockSize
            self.parallelism = parallelism
        }
    }

    let cost: Cost
    let random: RandomSource
    private let turns = HashingTurns()

    init(cost: Cost, random: RandomSource) {
        self.cost = cost
        self.random = random
    }

    /// - Throws: `server.busy` when too many wait for their turn already.
    func hash(_ password: String) async throws -> String {
        let salt = Self.bytes(random.bits()) + Self.bytes(random.bits())
        let key = try await derive(password, salt, cost)
        return "$scrypt$ln=\(cost.logRounds),r=\(cost.blockSize),p=\(cost.parallelism)"
            + "$\(Data(salt).base64EncodedString())$\(Data(key).base64EncodedString())"
    }

    /// Whether this is the password.
    ///
    /// - Parameter stored: what ``hash(_:)`` made; nil when there is none, which takes the same work and is false.
    func matches(_ password: String, _ stored: String?) async throws -> Bool {
        let parsed = stored.flatMap(Parsed.init)
        let salt = parsed?.salt ?? Self.bytes(0) + Self.bytes(0)
        let key = try await derive(password, salt, parsed?.cost ?? cost)
        let wanted = parsed?.key ?? [UInt8](repeating: 0, count: key.count)
        let difference = zip(key, wanted).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) }
        return parsed != nil && difference == 0 && key.count == wanted.count
    }

    private func derive(_ password: String, _ salt: [UInt8], _ cost: Cost) async throws -> [UInt8] {
        try await turns.taking { try await Self.scrypt(password, salt, cost) }
    }

    /// Beside the caller's executor: it computes for a tenth of a second.
    @concurrent
    private static func scrypt(_ password: String, _ salt: [UInt8], _ cost: Cost) async throws -> [UInt8] {
        // Of the many ways to write an accented letter, one.
        let text = Array(password.precomposedStringWithCompatibilityMapping.utf8)
        return try KDF.Scrypt.deriveKey(
            from: text, salt: salt, outputByteCount: 32, rounds: 1 << cost.logRounds, blockSize: cost.blockSize,
            parallelism: cost.parallelism
        ).withUnsafeBytes { Array($0) }
    }

    private static func bytes(_ bits: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: bits >> (8 * UInt64($0))) }
    }

    /// A stored hash, taken apart; nil for what we did not make.
    private struct Parsed {
        let cost: Cost
        let salt: [UInt8]
        let key: [UInt8]

        init?(_ text: String) {
            let parts = text.split(separator: "$")
            guard parts.count == 4, parts[0] == "scrypt", let salt = Data(base64Encoded: String(parts[2])),
                let key = Data(base64Encoded: String(parts[3]))
            else { return nil }
            let numbers = parts[1].split(separator: ",").compactMap { Int($0.drop { $0 != "=" }.dropFirst()) }
            guard numbers.count == 3, (4...20).contains(numbers[0]), (1...32).contains(numbers[1]),
                (1...16).contains(numbers[2]), key.count == 32
            else { return nil }
            cost = Cost(logRounds: numbers[0], blockSize: numbers[1], parallelism: numbers[2])
            self.salt = Array(salt)
            self.key = Array(key)
        }
    }
}
