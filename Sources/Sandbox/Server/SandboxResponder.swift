import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

/// Carries calls between HTTP and the core.
struct SandboxResponder: HTTPResponder {
    typealias Context = SandboxContext

    /// Larger bodies are refused, 413.
    private static let bodyBytesMax = 16 * 1024 * 1024

    let server: SandboxServer

    func respond(to request: Request, context: SandboxContext) async throws -> Response {
        server.countFlight(1)
        defer { server.countFlight(-1) }
        var request = request
        let bytes: [UInt8]
        do {
            // Collected in place: the body can then still be watched for the caller's leaving.
            bytes = Array(buffer: try await request.collectBody(upTo: Self.bodyBytesMax))
        } catch is NIOTooManyBytesError {
            return response(ChatProblem("The body of the request has more than 16 MiB.", status: 413).response)
        }
        let call = providerRequest(request, body: bytes)
        if let control = SandboxControl(server: server).answer(to: call) { return response(control) }
        let plan = server.handle(call)
        if case .silence = plan.ending { return try await hang(plan.delay, request, on: context) }
        return try await perform(plan, on: context)
    }

    /// Says nothing until the caller leaves or the time is over, then cuts the connection.
    private func hang(_ time: Duration, _ request: Request, on context: SandboxContext) async throws -> Response {
        defer { context.channel.close(promise: nil) }
        // Reading on is how we notice that the caller has left. It costs the connection, which is lost anyway.
        return try await request.body.consumeWithCancellationOnInboundClose { body in
            for try await _ in body {}
            try await server.sleep(time)
            throw ConnectionCut()
        }
    }

    private func perform(_ plan: Plan, on context: SandboxContext) async throws -> Response {
        try await server.sleep(plan.delay)
        let ending = server.core.withLock { core in core.ending(of: plan, at: server.now) }
        switch ending {
        case .respond(let answer): return response(answer)
        case .picture(let head, let picture, let form): return response(head.with(body: form.body(of: picture)))
        case .stream(let head, let pieces, let pause, let isCut):
            return stream(head, pieces: pieces, pause: pause, isCut: isCut, on: context)
        case .cut(let answer, let count): return cut(answer, afterBytes: count, on: context)
        case .prediction, .silence: preconditionFailure("an ending that is never performed")
        }
    }

    private func response(_ answer: ProviderResponse) -> Response {
        Response(
            status: HTTPResponse.Status(code: answer.status), headers: fields(of: answer),
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body)))
    }

    private func cut(_ answer: ProviderResponse, afterBytes count: Int, on context: SandboxContext) -> Response {
        let body = ResponseBody(contentLength: answer.body.count) { writer in
            try await writer.write(ByteBuffer(bytes: answer.body.prefix(count)))
            context.channel.close(promise: nil)
            throw ConnectionCut()
        }
        return Response(status: HTTPResponse.Status(code: answer.status), headers: fields(of: answer), body: body)
    }

    private func stream(
        _ head: ProviderResponse, pieces: [[UInt8]], pause: Duration, isCut: Bool, on context: SandboxContext
    ) -> Response {
        let body = ResponseBody { writer in
            for piece in pieces {
                try await writer.write(ByteBuffer(bytes: piece))
                try await server.sleep(pause)
            }
            if isCut {
                context.channel.close(promise: nil)
                throw ConnectionCut()
            }
            try await writer.finish(nil)
        }
        return Response(status: HTTPResponse.Status(code: head.status), headers: fields(of: head), body: body)
    }

    private func fields(of answer: ProviderResponse) -> HTTPFields {
        var fields = HTTPFields()
        for (name, value) in answer.headers + [("x-pressroom-sandbox", "true")] {
            if let name = HTTPField.Name(name) { fields[name] = value }
        }
        return fields
    }

    private func providerRequest(_ request: Request, body: [UInt8]) -> ProviderRequest {
        var headers: [String: String] = [:]
        for field in request.headers { headers[field.name.canonicalName] = field.value }
        var query: [String: String] = [:]
        for (name, value) in request.uri.queryParameters {
            // Of one that is repeated all count.
            query[String(name)] = query[String(name)].map { "\($0),\(value)" } ?? String(value)
        }
        return ProviderRequest(
            method: request.method.rawValue, path: request.uri.path, query: query, headers: headers, body: body,
            baseURL: baseURL(for: request))
    }

    /// Links lead back the way the caller came, under the name by which it reached us.
    private func baseURL(for request: Request) -> String {
        if let authority = request.head.authority, !authority.isEmpty { return "http://\(authority)" }
        return server.bound.current?.url ?? "http://127.0.0.1"
    }
}
