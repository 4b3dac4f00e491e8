import Foundation
import Testing

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// A running `pressroom serve`, with a site's key.
struct ServerProcess: Sendable {
    let process: PressroomProcess
    let address: String
    let key: String

    /// - Parameter arguments: beside the port, which is any free one.
    static func start(
        _ place: Workplace, _ arguments: [String] = [], environment: [String: String] = [:], site: String = "acme"
    ) async throws -> ServerProcess {
        let settings = place.environment(environment)
        let process = try PressroomProcess(
            ["serve", "--port", "0", "--json"] + arguments, environment: settings, in: place.folder)
        try await until { process.printed.contains("}") || !process.isRunning }
        try #require(process.isRunning, "the server ended: \(process.complaints)")
        let answer = try JSONSerialization.jsonObject(with: Data(process.printed.utf8)) as? [String: Any]
        let address = try #require(answer?["address"] as? String)
        return ServerProcess(
            process: process, address: address, key: try await addSite(site, place, environment: settings))
    }

    static func addSite(_ site: String, _ place: Workplace, environment: [String: String]) async throws -> String {
        let added = try await PressroomProcess.run(
            ["sites", "add", site, "--json"], environment: environment, in: place.folder, within: .seconds(30))
        return try #require(try added.json()["key"] as? String, "\(added.errors)")
    }

    /// - Returns: the status, and the answer's JSON object.
    func call(
        _ method: String, _ path: String, _ body: String? = nil, key: String? = nil
    ) async throws -> (status: Int, answer: [String: Any]) {
        var request = URLRequest(url: try #require(URL(string: address + path)), timeoutInterval: 20)
        request.httpMethod = method
        request.setValue("Bearer \(key ?? self.key)", forHTTPHeaderField: "Authorization")
        if let body {
            request.httpBody = Data(body.utf8)
            request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        }
        let (data, response) = try await URLSession.shared.data(for: request)
        let object = try JSONSerialization.jsonObject(with: data) as? [String: Any]
        return ((response as? HTTPURLResponse)?.statusCode ?? 0, object ?? [:])
    }

    /// Submits a request and returns its id.
    func submit(_ body: String, key: String? = nil) async throws -> String {
        let (status, answer) = try await call("POST", "/api/blog-generation", body, key: key)
        try #require(status == 201, "\(answer)")
        return try #require(answer["id"] as? String)
    }

    /// Waits until a generation has ended.
    func ended(_ id: String, key: String? = nil, within limit: Duration = .seconds(60)) async throws -> [String: Any] {
        var last: [String: Any] = [:]
        try await until(within: limit) {
            last = try await call("GET", "/api/blog-generation/\(id)", key: key).answer
            return ["DONE", "FAILED", "CANCELLED"].contains(last["status"] as? String)
        }
        return last
    }

    /// From submission to end, by the server's own times.
    static func duration(of generation: [String: Any]) throws -> Double {
        let created = try #require((generation["createdAt"] as? String).flatMap(date))
        let finished = try #require((generation["finishedAt"] as? String).flatMap(date))
        return finished.timeIntervalSince(created)
    }

    private static func date(_ text: String) -> Date? {
        let withFraction = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        return (try? withFraction.parse(text)) ?? (try? Date.ISO8601FormatStyle().parse(text))  // Either form may come.
    }
}
