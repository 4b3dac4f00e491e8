import HTTPTypes
import Hummingbird

/// A resource: one path, one small file that parses, calls and renders.
protocol Route: Sendable {
    /// With parameters in braces, such as `/generations/{id}`.
    static var path: String { get }
}

/// A resource that can be read; it answers HEAD too.
protocol Readable: Route {
    func get(_ call: Call) async throws -> Response
}

/// A resource that does something when it is posted to.
protocol Postable: Route {
    func post(_ call: Call) async throws -> Response
}

/// A resource that can be stored whole, in place of what was there.
protocol Puttable: Route {
    func put(_ call: Call) async throws -> Response
}

/// A resource of which a part can be changed.
protocol Patchable: Route {
    func patch(_ call: Call) async throws -> Response
}

/// A resource that can be taken away.
protocol Deletable: Route {
    func delete(_ call: Call) async throws -> Response
}

/// Routes that share their limits.
struct RouteGroup: Sendable {
    let routes: [any Route]
    /// Each holds every route of the group; the first is asked first.
    let limits: [RateLimit]

    init(_ routes: [any Route], limits: [RateLimit] = []) {
        self.routes = routes
        self.limits = limits
    }
}

/// All resources of the server. Whatever method a path does not take is answered with 405 and `Allow`.
struct RouteTable {
    private let groups: [RouteGroup]

    init(_ groups: [RouteGroup]) { self.groups = groups }

    func responder() -> some HTTPResponder<WebContext> {
        let router = Router(context: WebContext.self)
        router.add(middleware: LibraryRefusals())
        for group in groups {
            let limited = router.group()
            for limit in group.limits { limited.add(middleware: limit) }
            for route in group.routes { add(route, to: limited) }
        }
        return router.buildResponder()
    }

    /// What can be asked for, such as `GET /health`; HEAD goes with GET.
    var operations: [String] {
        groups.flatMap(\.routes).flatMap { route in
            let methods: [(HTTPRequest.Method, Bool)] = [
                (.get, route is any Readable), (.post, route is any Postable), (.put, route is any Puttable),
                (.patch, route is any Patchable), (.delete, route is any Deletable),
            ]
            return methods.filter(\.1).map { "\($0.0) \(type(of: route).path)" }
        }
    }

    private func add(_ route: any Route, to router: RouterGroup<WebContext>) {
        let path = RouterPath(type(of: route).path)
        var taken: [HTTPRequest.Method] = []
        if let route = route as? any Readable {
            // HEAD runs the same code; its answer loses the body at the edge.
            for method in [HTTPRequest.Method.get, .head] {
                on(method, path, in: router) { try await route.get($0) }
            }
            taken += [.get, .head]
        }
        if let route = route as? any Postable {
            on(.post, path, in: router) { try await route.post($0) }
            taken.append(.post)
        }
        if let route = route as? any Puttable {
            on(.put, path, in: router) { try await route.put($0) }
            taken.append(.put)
        }
        if let route = route as? any Patchable {
            on(.patch, path, in: router) { try await route.patch($0) }
            taken.append(.patch)
        }
        if let route = route as? any Deletable {
            on(.delete, path, in: router) { try await route.delete($0) }
            taken.append(.delete)
        }
        for method in Self.methods where !taken.contains(method) {
            let problem = Problem.methodNotAllowed(method, allowed: taken)
            on(method, path, in: router) { _ in throw problem }
        }
    }

    private static let methods: [HTTPRequest.Method] = [.get, .head, .post, .put, .patch, .delete, .options]

    private func on(
        _ method: HTTPRequest.Method, _ path: RouterPath, in router: RouterGroup<WebContext>,
        use handler: @escaping @Sendable (Call) async throws -> Response
    ) {
        router.on(path, method: method) { request, context in
            try await handler(Call(request: request, context: context))
        }
    }
}

/// Turns what the HTTP library refuses by itself, such as an unknown path, into problems like all others; it would
/// answer with a bare status.
private struct LibraryRefusals: RouterMiddleware {
    func handle(
        _ request: Request, context: WebContext, next: @concurrent (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as any HTTPResponseError {
            throw Problem(refusal: error.status)
        }
    }
}
