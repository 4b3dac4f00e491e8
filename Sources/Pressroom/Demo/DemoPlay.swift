import Foundation

/// Which play of the demo this is, remembered in the output folder until it has ended.
struct DemoPlay: Sendable {
    private struct State: Codable {
        var number: Int
        var blogs: Int
        var hasEnded: Bool
    }
    let number: Int
    let blogs: Int
    /// An earlier process began it.
    let isResumed: Bool
    private let path: String

    func key(_ request: Int) -> String { "demo-\(number)-\(request)" }

    /// - Parameter output: exists and can be written.
    static func begin(in output: String, blogs: Int) throws -> DemoPlay {
        let path = output + "/.pressroom/demo.json"
        let known = FileManager.default.contents(atPath: path).flatMap {
            try? JSONDecoder().decode(State.self, from: $0)  // A damaged memory begins a new play.
        }
        if let known, !known.hasEnded {
            return DemoPlay(number: known.number, blogs: known.blogs, isResumed: true, path: path)
        }
        let play = DemoPlay(number: (known?.number ?? 0) + 1, blogs: blogs, isResumed: false, path: path)
        try play.store(hasEnded: false)
        return play
    }

    func end() throws { try store(hasEnded: true) }

    private func store(hasEnded: Bool) throws {
        let state = State(number: number, blogs: blogs, hasEnded: hasEnded)
        try JSONEncoder().encode(state).write(to: URL(filePath: path), options: .atomic)
    }
}
