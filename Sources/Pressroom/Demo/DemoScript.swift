import Blog
import Foundation

/// The three sites and twelve requests of the demo, read from `Examples/`.
struct DemoScript: Sendable {
    struct Site: Sendable, Decodable {
        let id: String
        let name: String
        let tone: String
        let language: String
        let words: Int
        let audience: String
        let author: String
        let timeZone: String
        let autoSelect: Bool
        let publishMode: PublishMode
        let weight: Double

        var settings: SiteSettings {
            var settings = SiteSettings()
            settings.tone = tone
            settings.language = language
            settings.words = words
            settings.audience = audience
            settings.author = author
            settings.timeZone = timeZone
            settings.autoSelect = autoSelect
            settings.publishMode = publishMode
            return settings
        }
    }
    struct Entry: Sendable, Decodable {
        let site: String
        let request: GenerationRequest
    }

    let sites: [Site]
    let requests: [Entry]
    let products: ProductCatalogue

    static func load() throws -> DemoScript {
        let folder = try examples()
        return DemoScript(
            sites: try read("\(folder)/demo/sites.json"), requests: try read("\(folder)/demo/requests.json"),
            products: try ProductFiles.catalogue(in: "\(folder)/products"))
    }

    /// `Examples` in this folder, or beside one of the folders that the program lies in.
    static func examples() throws -> String {
        var places = [FileManager.default.currentDirectoryPath]
        var folder = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
        while folder.path.count > 1 {
            places.append(folder.path)
            folder.deleteLastPathComponent()
        }
        let found = places.map { $0 + "/Examples" }.first {
            FileManager.default.fileExists(atPath: $0 + "/demo/sites.json")
        }
        guard let found else {
            throw CommandError(
                "demo.examples_missing", "The folder Examples with the demo's requests was not found.",
                hint: "Run the demo in the folder that holds Examples.", status: .noInput)
        }
        return found
    }

    private static func read<Value: Decodable>(_ path: String) throws -> Value {
        do {
            return try JSONDecoder().decode(Value.self, from: Data(contentsOf: URL(filePath: path)))
        } catch {
            throw CommandError(
                "demo.examples_unreadable", "\(path) cannot be read: \(error)", status: .data)
        }
    }
}
