import Engine
import Foundation
import Synchronization

#if DEBUG
    /// Kills, stops or fails this process at named places, as `PRESSROOM_FAILPOINTS` says; debug builds only.
    ///
    /// `content.received=kill`, several separated by commas. `kill@3` acts at the third passage, `throw` throws, `stop:2s`
    /// sleeps where it stands, `halt` stops the whole process until somebody sends SIGCONT, `note` only says so on
    /// standard error. `drain>content.performed=kill` counts passages only once `drain` has been passed.
    enum FailpointScript {
        static func read(_ environment: [String: String]) throws -> Failpoints {
            guard let text = environment["PRESSROOM_FAILPOINTS"], !text.isEmpty else { return .none }
            let rules = try text.split(separator: ",").map { part in
                guard let rule = Rule(part) else {
                    throw CommandError(
                        "failpoints.malformed", "PRESSROOM_FAILPOINTS has a part that cannot be read: \(part)",
                        hint: "Write POINT=kill, throw, halt, note or stop:2s, with @N for the Nth passage, and "
                            + "AFTER>POINT to count only once AFTER has been passed.")
                }
                return rule
            }
            let passages = Passages(rules)
            return Failpoints { name in for rule in passages.due(at: name) { try rule.act() } }
        }
    }

    /// How often each rule's place has been passed, counted from the passage that it waits for.
    private final class Passages: Sendable {
        private let state: Mutex<(passed: Set<String>, counts: [Int])>
        private let rules: [Rule]

        init(_ rules: [Rule]) {
            self.rules = rules
            state = Mutex((passed: [], counts: rules.map { _ in 0 }))
        }

        func due(at name: String) -> [Rule] {
            state.withLock { state in
                let due = rules.indices.filter { index in
                    guard rules[index].point == name, rules[index].after.map(state.passed.contains) ?? true else {
                        return false
                    }
                    state.counts[index] += 1
                    return state.counts[index] == rules[index].passage
                }
                state.passed.insert(name)
                return due.map { rules[$0] }
            }
        }
    }

    private struct Rule: Sendable {
        enum Action: Sendable { case kill, fail, halt, note, pause(seconds: Double) }
        let after: String?
        let point: String
        let action: Action
        let passage: Int

        /// `AFTER>POINT=ACTION@N`, of which `AFTER>` and `@N` may be missing.
        init?(_ text: Substring) {
            let sides = text.split(separator: "=", maxSplits: 1)
            guard sides.count == 2 else { return nil }
            let places = sides[0].split(separator: ">", maxSplits: 1)
            let parts = sides[1].split(separator: "@", maxSplits: 1)
            guard let place = places.last, let verb = parts.first, let passage = parts.count == 2 ? Int(parts[1]) : 1,
                let action = Self.action(verb)
            else { return nil }
            after = places.count == 2 ? String(places[0]) : nil
            point = String(place)
            self.action = action
            self.passage = passage
        }

        private static func action(_ verb: Substring) -> Action? {
            switch verb {
            case "kill": return .kill
            case "throw": return .fail
            case "halt": return .halt
            case "note": return .note
            default:
                guard verb.hasPrefix("stop:"), verb.hasSuffix("s"), let seconds = Double(verb.dropFirst(5).dropLast())
                else { return nil }
                return .pause(seconds: seconds)
            }
        }

        func act() throws {
            FileHandle.standardError.write(Data("failpoint \(point): \(action)\n".utf8))
            switch action {
            case .kill: kill(getpid(), SIGKILL)
            case .fail: throw StepFailure(code: "failpoint", message: "Failed on purpose at \(point).", retry: .backoff)
            case .halt: kill(getpid(), SIGSTOP)
            case .note: break
            case .pause(let seconds): Thread.sleep(forTimeInterval: seconds)
            }
        }
    }
#else
    enum FailpointScript {
        static func read(_ environment: [String: String]) throws -> Failpoints { .none }
    }
#endif
