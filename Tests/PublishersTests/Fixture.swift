import Foundation
import Synchronization

@testable import Publishers

/// A folder of its own for one test, removed afterwards.
struct Fixture: Sendable {
    let root: String
    static let date = Date(timeIntervalSince1970: 1_795_219_200)

    static func with<Value>(_ body: (Fixture) async throws -> Value) async throws -> Value {
        let root = FileManager.default.temporaryDirectory.appending(path: "pressroom-\(UUID().uuidString)").path()
        defer {
            // Whatever is left goes with the machine's own cleaning.
            try? FileManager.default.removeItem(atPath: root)
        }
        return try await body(Fixture(root: root))
    }

    func publisher(site: String = "bakery", title: String? = "The Bakery") -> FolderPublisher {
        FolderPublisher(root: root, site: site, title: title) { Self.date }
    }

    func read(_ path: String) throws -> String { try String(contentsOfFile: "\(root)/\(path)", encoding: .utf8) }
    func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: "\(root)/\(path)") }
    func names(_ path: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(root)/\(path)").sorted()
    }

    /// Event and slug of every line of the log.
    func events(site: String = "bakery") throws -> [String] {
        try read("\(site)/.pressroom/log.ndjson").split(separator: "\n").map { line in
            let json = try JSONDecoder().decode([String: Value].self, from: Data(line.utf8))
            return "\(json["event"]?.text ?? "?") \(json["slug"]?.text ?? "?") \(json["marker"]?.text ?? "?")"
        }
    }

    private struct Value: Decodable {
        let text: String
        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            // Only the sandbox flag is no text.
            if let string = try? value.decode(String.self) {
                text = string
            } else {
                text = "\(try value.decode(Bool.self))"
            }
        }
    }
}

extension Post {
    static func make(
        title: String = "Why rye rises slowly", slug: String = "why-rye-rises-slowly",
        body: String = "## Flour\n\nRye has *little* gluten.\n\n- water\n- time", image: Bool = true,
        date: Date = Fixture.date, origin: Origin = .sandbox
    ) -> Post {
        Post(
            title: title, slug: slug, excerpt: "Patience is an ingredient.", body: body,
            metaDescription: "Rye needs time: here is why.", tags: ["bread", "rye: \"dark\""], author: "Ada",
            image: image ? PostImage(bytes: [0x89, 0x50], contentType: "image/png", altText: "A loaf") : nil,
            origin: origin, date: date)
    }
}
