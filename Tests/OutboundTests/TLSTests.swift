import Foundation
import HTTPTypes
import Logging
import Testing

@testable import Outbound

/// Servers whose TLS or name is broken: nothing of the request may leave, and the call may be made again.
@Suite struct `A connection that cannot be made` {
    private func failure(of address: String, deadline: Duration = .seconds(20)) async throws -> OutboundError {
        let url = try OutboundURL(address)
        var settings = HTTPTransport.Settings()
        settings.connectTimeout = .seconds(1)
        let transport = HTTPTransport(
            to: DestinationGuard(trusting: [url]), settings: settings, logger: Logger(label: "test"))
        var request = OutboundRequest(.post, url, authorization: .bearer(Secret("not-for-you")))
        request.body = Array("{}".utf8)
        do {
            _ = try await transport.send(request, deadline: deadline)
        } catch {
            try await transport.shutdown()
            return try #require(error as? OutboundError, "\(error)")
        }
        try await transport.shutdown()
        throw Answered()
    }

    private struct Answered: Error {}

    @Test func `because nobody vouches for its certificate`() async throws {
        try await SelfSignedServer.with { server in
            let error = try await failure(of: "https://localhost:\(server.port)/v1/things")

            #expect(error.code == .unreachable, "\(error.cause.map { "\(type(of: $0)): \($0)" } ?? "no cause")")
            #expect(error.retry == .backoff)
            #expect(!error.sent)
            #expect(error.message.contains("certificate"), "\(error.message)")
            #expect(!server.received.contains("not-for-you"))
        }
    }

    /// The handshake is never answered.
    @Test func `because it says nothing`() async throws {
        try await ScriptedServer.with([]) { server in
            let error = try await failure(of: "https://127.0.0.1:\(server.port)/v1/things")

            #expect([.unreachable, .timedOut].contains(error.code), "\(error)")
            #expect(error.retry == .backoff)
            #expect(server.requests.isEmpty)
        }
    }

    @Test func `because its name is unknown`() async throws {
        let error = try await failure(of: "https://no-such-host.invalid/v1/things")

        #expect(error.code == .unreachable)
        #expect(error.retry == .backoff)
        #expect(!error.sent)
    }
}

/// `openssl s_server` on loopback, with a certificate that it has signed itself.
private final class SelfSignedServer {
    let port: Int
    private let process: Process
    private let log: URL

    var received: String { (try? String(contentsOf: log, encoding: .utf8)) ?? "" }  // Nothing was written, then.

    static func with(_ body: (SelfSignedServer) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }  // The test run's folder goes anyway.
        let server = try await SelfSignedServer(in: folder)
        defer { server.process.terminate() }
        try await body(server)
    }

    private init(in folder: URL) async throws {
        let (key, certificate) = (folder.appending(path: "key.pem"), folder.appending(path: "certificate.pem"))
        log = folder.appending(path: "log")
        try Data().write(to: log)
        let making = try Self.start(
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1",
                "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key.path, "-out",
                certificate.path,
            ], to: nil)
        making.waitUntilExit()
        try #require(making.terminationStatus == 0)
        process = try Self.start(
            ["s_server", "-www", "-accept", "127.0.0.1:0", "-key", key.path, "-cert", certificate.path],
            to: FileHandle(forWritingTo: log))
        var found: Int?
        for _ in 0..<200 where found == nil {
            try await Task.sleep(for: .milliseconds(25))
            let text = (try? String(contentsOf: log, encoding: .utf8)) ?? ""  // Looked at again soon.
            found = text.firstMatch(of: /ACCEPT [^\n]*:(\d+)/).flatMap { Int($0.1) }
        }
        port = try #require(found, "openssl did not begin to listen")
    }

    private static func start(_ arguments: [String], to output: FileHandle?) throws -> Process {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/openssl")
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output ?? FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }
}
