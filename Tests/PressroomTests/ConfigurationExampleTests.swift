import Foundation
import ProductKit
import Testing

@testable import Pressroom

@Suite struct `The example settings file` {
    @Test func `can be used as it is and changes nothing`() throws {
        let configuration = try Configuration(file: try text())

        #expect(Set(configuration.report.map(\.source)) == ["default"])
    }

    @Test func `shows every setting with its default`() throws {
        let standard = try Configuration(reading: ConfigurationSources())
        let uncommented = try text().split(separator: "\n").filter { $0.contains(/^# ( *\S+: \{|[a-z_]+:( |$))/) }
            .map { $0.dropFirst(2) }

        let configuration = try Configuration(file: uncommented.joined(separator: "\n"))

        let named = uncommented.compactMap { $0.prefixMatch(of: /[a-z_]+/).map { String($0.output) } }
        #expect(
            named.filter { $0 != "prices" && $0 != "gpt" && $0 != "black" }
                == standard.report.map { $0.name.lowercased() })
        #expect(
            configuration.report.filter { !$0.name.hasPrefix("PRICES") }.map(\.value) == standard.report.map(\.value))
        #expect(configuration.prices.all.models == standard.prices.all.models)
    }

    private func text() throws -> String {
        let repository = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
        return try String(contentsOf: repository.appending(path: "Examples/pressroom.yaml"), encoding: .utf8)
    }
}

@Suite struct `The example sites and requests` {
    @Test func `belong together`() throws {
        let sites = try #require(try json("demo/sites.json") as? [[String: Any]])
        let requests = try #require(try json("demo/requests.json") as? [[String: Any]])

        let known = Set(sites.compactMap { $0["id"] as? String })
        let bodies = requests.compactMap { $0["request"] as? [String: Any] }
        let products = bodies.filter { $0["sourceType"] as? String == "product" }.compactMap {
            $0["sourceId"] as? String
        }

        #expect(sites.count == 3)
        #expect(bodies.count == 12)
        #expect(Set(requests.compactMap { $0["site"] as? String }) == known)
        for id in products {
            let product = try #require(try json("products/\(id).json") as? [String: Any])
            #expect(product["id"] as? String == id)
        }
    }

    private func json(_ path: String) throws -> Any {
        let examples = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Examples")
        return try JSONSerialization.jsonObject(with: Data(contentsOf: examples.appending(path: path)))
    }
}
