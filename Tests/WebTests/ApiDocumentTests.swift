import Foundation
import HTTPTypes
import TestSupport
import Testing

@testable import Web

@Suite struct `The document of the API` {
    private static let methods: Set<String> = ["get", "post", "put", "patch", "delete"]

    @Test func `tells of every route, and of no other`() async throws {
        try await ArenaWorld.with(.sqlite) { world in
            let answer = try await world.send(.get, "/openapi.json")
            let paths = try #require(answer.json["paths"] as? [String: [String: Any]])
            let told = paths.flatMap { path, item in
                item.keys.filter(Self.methods.contains).map { "\($0.uppercased()) \(path)" }
            }

            #expect(answer.status == 200)
            #expect((answer.json["openapi"] as? String)?.hasPrefix("3.1") == true)
            #expect(Set(told).subtracting(world.operations).sorted() == [])
            #expect(Set(world.operations).subtracting(told).sorted() == [])
        }
    }

    @Test func `names each operation once, and only what it defines`() async throws {
        try await ArenaWorld.with(.sqlite) { world in
            let answer = try await world.send(.get, "/openapi.json")
            let paths = try #require(answer.json["paths"] as? [String: [String: Any]])
            let names = paths.values.flatMap(\.values).compactMap { ($0 as? [String: Any])?["operationId"] as? String }
            let components = try #require(answer.json["components"] as? [String: [String: Any]])
            let defined = Set(components.flatMap { kind, all in all.keys.map { "#/components/\(kind)/\($0)" } })

            #expect(Set(names).count == names.count)
            #expect(names.count == world.operations.count)
            #expect(Set(answer.body.references).subtracting(defined) == [])
        }
    }
}

extension String {
    /// What a JSON document refers to.
    fileprivate var references: [String] {
        matches(of: /"\$ref":"([^"]+)"/).map { String($0.output.1) }
    }
}
