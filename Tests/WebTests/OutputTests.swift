import Foundation
import HTTPTypes
import Testing

@testable import Web

@Suite struct `The output folder` {
    /// A folder with an article, a hidden file, a link that leads out, and a secret beside it.
    private func with(_ body: @Sendable @escaping (Browser) async throws -> Void) async throws {
        let files = FileManager.default
        let place = files.temporaryDirectory.appendingPathComponent("pressroom-output-\(UUID().uuidString)")
        let root = place.appendingPathComponent("output")
        try files.createDirectory(
            at: root.appendingPathComponent("bakery/a starter"), withIntermediateDirectories: true)
        // What cannot be removed is for the system to clean.
        defer { try? files.removeItem(at: place) }
        try "<h1>Bread</h1>".write(
            to: root.appendingPathComponent("bakery/index.html"), atomically: true, encoding: .utf8)
        try "# Bread".write(
            to: root.appendingPathComponent("bakery/a starter/post.md"), atomically: true, encoding: .utf8)
        try "hidden".write(to: root.appendingPathComponent("bakery/.log"), atomically: true, encoding: .utf8)
        try "secret".write(to: place.appendingPathComponent("secret.txt"), atomically: true, encoding: .utf8)
        try files.createSymbolicLink(
            at: root.appendingPathComponent("bakery/way-out"),
            withDestinationURL: place.appendingPathComponent("secret.txt"))
        try await WebWorld.with(configure: { web, _ in web.outputFolder = root.path }) { world in
            try await world.test(body)
        }
    }

    @Test func `is served as it lies there`() async throws {
        try await with { browser in
            let index = try await browser.page("/output/bakery/")
            let markdown = try await browser.page("/output/bakery/a%20starter/post.md")
            let slashless = try await browser.page("/output/bakery")

            #expect(index.status == 200 && index.body == "<h1>Bread</h1>")
            #expect(index.headers[SecurityHeaders.contentSecurityPolicy]?.contains("script") == false)
            #expect(markdown.headers[.contentType] == "text/plain; charset=utf-8")
            #expect(slashless.status == 303 && slashless.headers[.location] == "/output/bakery/")
        }
    }

    @Test(arguments: [
        "/output/../secret.txt", "/output/bakery/../../secret.txt", "/output/%2e%2e/secret.txt",
        "/output/bakery/%2e%2e%2f%2e%2e%2fsecret.txt", "/output/..%2fsecret.txt", "/output/bakery/way-out",
        "/output/bakery/.log", "/output/%00", "/output/bakery/%ff", "/output//etc/passwd", "/output/bakery/nothing",
        "/output/bakery/a%20starter/",
    ]) func `lets nobody out of it`(_ path: String) async throws {
        try await with { browser in
            let answer = try await browser.page(path)

            #expect(answer.status == 404)
            #expect(!answer.body.contains("secret\n") && !answer.body.hasPrefix("secret"))
        }
    }

    @Test func `turns file addresses into links of this server`() throws {
        let links = OutputLinks(folder: NSTemporaryDirectory() + "/out")
        let root = URL(fileURLWithPath: NSTemporaryDirectory()).resolvingSymlinksInPath().path

        #expect(links.link(to: "file://\(root)/out/bakery/a%20b/index.html") == "/output/bakery/a%20b/index.html")
        #expect(links.link(to: "file://\(root)/elsewhere/index.html") == nil)
        #expect(links.link(to: "file://\(root)/out/../secret") == nil)
        #expect(links.link(to: "https://shop.example/post") == "https://shop.example/post")
        #expect(links.link(to: "javascript:alert(1)") == nil)
    }
}
