import Foundation
import Synchronization

/// At most ten wrong tokens a minute, from wherever: guessing a long token is hopeless, trying it floods nothing.
final class SignInAttempts: Sendable {
    private static let failuresMax = 10
    private let failures = Mutex<[Date]>([])

    func mayTry(at now: Date) -> Bool {
        failures.withLock { failures in
            failures.removeAll { now.timeIntervalSince($0) > 60 }
            return failures.count < Self.failuresMax
        }
    }

    func failed(at now: Date) { failures.withLock { $0.append(now) } }
}
