import Engine
import Foundation
import Synchronization

#if DEBUG
    /// Kills, stops or fails this process at named places, as `PRESSROOM_FAILPOINTS` says; debug builds only.
    ///
    /// `content.received=kill`, several separated by commas; `kill@3` acts at the third passage, `throw` throws, `stop:2s`
    /// sleeps where it stands.
    enum FailpointScript {
        static func read(_ environment: [String: String]) throws -> Failpoints {
            guard let text = environment["PRESSROOM_FAILPOINTS"], !text.isEmpty else { return .none }
            var rules: [String: Rule] = [:]
            for part in text.split(separator: ",") {
                let sides = part.split(separator: "=", maxSplits: 1)
                guard sides.count == 2, let rule = Rule(String(sides[1])) else {
                    throw CommandError(
                        "failpoints.malformed", "PRESSROOM_FAILPOINTS has a part that cannot be read: \(part)",
                        hint: "Write POINT=kill, POINT=throw or POINT=stop:2s, with @N for the Nth passage.")
                }
                rules[String(sides[0])] = rule
            }
            let passages = Passages()
            let script = rules
            return Failpoints { name in
                guard let rule = script[name], passages.count(name) == rule.passage else { return }
                try rule.act(at: name)
            }
        }
    }

    private final class Passages: Sendable {
        private let counts = Mutex<[String: Int]>([:])
        func count(_ name: String) -> Int {
            counts.withLock { counts in
                counts[name, default: 0] += 1
                return counts[name] ?? 1
            }
        }
    }

    private struct Rule: Sendable {
        enum Action: Sendable { case kill, fail, pause(seconds: Double) }
        let action: Action
        let passage: Int

        init?(_ text: String) {
            let parts = text.split(separator: "@", maxSplits: 1)
            guard let verb = parts.first, let passage = parts.count == 2 ? Int(parts[1]) : 1 else { return nil }
            self.passage = passage
            switch verb {
            case "kill": action = .kill
            case "throw": action = .fail
            default:
                guard verb.hasPrefix("stop:"), verb.hasSuffix("s"), let seconds = Double(verb.dropFirst(5).dropLast())
                else { return nil }
                action = .pause(seconds: seconds)
            }
        }

        func act(at name: String) throws {
            FileHandle.standardError.write(Data("failpoint \(name): \(action)\n".utf8))
            switch action {
            case .kill: kill(getpid(), SIGKILL)
            case .fail: throw StepFailure(code: "failpoint", message: "Failed on purpose at \(name).", retry: .backoff)
            case .pause(let seconds): Thread.sleep(forTimeInterval: seconds)
            }
        }
    }
#else
    enum FailpointScript {
        static func read(_ environment: [String: String]) throws -> Failpoints { .none }
    }
#endif
