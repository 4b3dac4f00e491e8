import ArgumentParser
import Foundation
import Testing

@testable import Pressroom

@Suite struct `Loading settings` {
    @Test func `reads the named file, and the flag names it before the environment`() throws {
        try withFolder { folder in
            try Data("port: 1".utf8).write(to: folder.appending(path: "a.yaml"))
            try Data("port: 2".utf8).write(to: folder.appending(path: "b.yaml"))
            let environment = ["PRESSROOM_CONFIG": folder.appending(path: "a.yaml").path]

            let fromEnvironment = try Configuration.load(environment: environment)
            let fromFlag = try Configuration.load(
                file: folder.appending(path: "b.yaml").path, environment: environment)

            #expect(fromEnvironment.serving.port == 1)
            #expect(fromFlag.serving.port == 2)
        }
    }

    @Test func `reports a named file that is missing, a folder, or no text`() throws {
        try withFolder { folder in
            let binary = folder.appending(path: "binary.yaml")
            try Data([0xFF, 0xFE, 0x00]).write(to: binary)

            for path in [folder.appending(path: "none.yaml").path, folder.path, binary.path] {
                #expect {
                    _ = try Configuration.load(file: path, environment: [:])
                } throws: { error in
                    (error as? ConfigurationError)?.problems.first?.expected.hasPrefix("cannot be read: ") == true
                }
            }
        }
    }

    @Test func `takes single settings from --set, under a command's own flags`() throws {
        let options = try ConfigurationOptions.parse(["--set", "port=1", "--set", "openai-rpm=5", "--set", "PORT=2"])

        #expect(options.flags() == ["PORT": "2", "OPENAI_RPM": "5"])
        #expect(options.flags(and: ["PORT": "3"])["PORT"] == "3")
        #expect(throws: (any Error).self) { try ConfigurationOptions.parse(["--set", "PORT"]) }
    }

    private func withFolder(_ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "pressroom-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }  // A leftover in the temporary folder harms nobody.
        try body(folder)
    }
}
