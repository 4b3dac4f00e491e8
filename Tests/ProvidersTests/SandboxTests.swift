import Foundation
import Logging
import Outbound
import Sandbox
import Testing

@testable import Providers

/// Both clients over real sockets against the simulated providers, which share no code with them.
@Suite(.timeLimit(.minutes(3))) struct `Against the sandbox` {
    static let shape = JSONSchema.object(
        name: "ideas",
        [
            "ideas": .array(
                of: .object(["title": .string(length: 3...160), "why": .string(length: 1...600)]), count: 5...5)
        ])
    static let prompt = Prompt(
        model: "sandbox-small", system: "You find ideas for articles.", user: "Subject: sourdough starter",
        schema: shape, outputTokensMax: 2_000, marker: "g1-ideas-1")

    @Test func `a completion has the asked shape, its cost and the limits`() async throws {
        try await withSandbox { world in
            let completion = try await world.model.complete(Self.prompt, deadline: .seconds(20))

            guard case .valid(let answer) = completion.value(matching: Self.shape) else {
                Issue.record("\(completion.content)")
                return
            }
            #expect(answer["ideas"]?.array?.count == 5)
            #expect((completion.usage?.totalTokens ?? 0) > 500)
            #expect((completion.rateLimits.tokens?.limit ?? 0) > 0)
            #expect(completion.requestID != nil)
            let models = try await world.model.models(deadline: .seconds(5))
            #expect(models.contains { $0.name == "sandbox-small" && $0.endsOn == nil })
            #expect(models.contains { $0.name == "gpt-4o" && $0.endsOn == "2027-01-14" })
        }
    }

    @Test(arguments: ["sandbox-small", "gpt-6-luna", "openai/gpt-5-mini"])
    func `both protocols have the same answer`(_ model: String) async throws {
        try await withSandbox { world in
            var prompt = Self.prompt
            (prompt.model, prompt.temperature) = (model, 0.7)
            let chat = try await world.model.complete(prompt, deadline: .seconds(20))
            let answer = try await world.responses.complete(prompt, deadline: .seconds(20))

            #expect(answer.content == chat.content)
            #expect(answer.usage == chat.usage)
            #expect(answer.model == chat.model)
        }
    }

    static let faults: [(Fault, ProviderError.Code)] = [
        (Fault.rateLimited, ProviderError.Code.rateLimited), (.requestTooLarge, .requestTooLarge),
        (.slowDown, .rateLimited), (.insufficientQuota, .quotaExhausted), (.invalidKey, .unauthorized),
        (.forbidden, .unauthorized), (.badRequest, .rejected), (.modelNotFound, .modelNotFound),
        (.serverError, .unavailable), (.badGatewayHTML, .unavailable), (.overloaded, .unavailable),
        (.hang, .timedOut), (.halfBody, .unreachable), (.refusal, .refused), (.length, .truncated),
        (.contentFilter, .contentFiltered),
    ]

    /// Answers that no service should send, of a model and of orders of pictures.
    static let oddities: [(Fault, ProviderError.Code)] = [
        (.gatewayTimeout, .unavailable), (.redirect, .rejected), (.slowDrip, .timedOut), (.hugeBody, .malformed),
        (.encodedBody, .malformed), (.brokenUTF8, .malformed), (.deepJSON, .malformed), (.longNumber, .malformed),
        (.notANumber, .malformed),
    ]

    @Test(arguments: oddities)
    func `an odd answer is nobody's end`(_ fault: Fault, _ expected: ProviderError.Code) async throws {
        try await withSandbox(fault) { world in
            let deadline = Duration.seconds(fault == .slowDrip ? 2 : 20)
            let chat = await failure { _ = try await world.model.complete(Self.prompt, deadline: deadline) }
            let order = await failure {
                _ = try await world.images.create(ImageRequest(prompt: "p", marker: "m"), deadline: deadline)
            }

            #expect(chat?.code == expected)
            #expect(order?.code == expected)
        }
    }

    /// 300 kB in one header: whether it is taken or not, it ends.
    @Test(arguments: [Fault.hugeHeader, .doubleMembers])
    func `an answer that may be taken or not ends all the same`(_ fault: Fault) async throws {
        try await withSandbox(fault) { world in
            let error = await failure { _ = try await world.model.complete(Self.prompt, deadline: .seconds(20)) }

            #expect(error == nil || [.malformed, .unreachable].contains(error?.code))
        }
    }

    @Test(arguments: faults)
    func `a fault is the same in the other protocol`(_ fault: Fault, _ expected: ProviderError.Code) async throws {
        try await withSandbox(fault) { world in
            let error = await failure { _ = try await world.responses.complete(Self.prompt, deadline: .seconds(3)) }

            #expect(error?.code == expected)
        }
    }

    @Test(arguments: faults)
    func `a language model's fault is what it is`(_ fault: Fault, _ expected: ProviderError.Code) async throws {
        try await withSandbox(fault) { world in
            let error = await failure { _ = try await world.model.complete(Self.prompt, deadline: .seconds(3)) }

            #expect(error?.code == expected)
        }
    }

    @Test(arguments: [Fault.badJSON, .wrongSchema])
    func `a useless answer can be repaired`(_ fault: Fault) async throws {
        try await withSandbox(fault, count: 1) { world in
            let first = try await world.model.complete(Self.prompt, deadline: .seconds(20))
            guard case .invalid(let problems) = first.value(matching: Self.shape) else {
                Issue.record("usable")
                return
            }
            let repair = Self.prompt.repairing(first.content, problems: problems)
            let second = try await world.model.complete(repair, deadline: .seconds(20))

            guard case .valid = second.value(matching: Self.shape) else {
                Issue.record("\(second.content)")
                return
            }
        }
    }

    @Test func `a refusal names its wait`() async throws {
        try await withSandbox(.rateLimited, retryAfter: 7) { world in
            let error = await failure { _ = try await world.model.complete(Self.prompt, deadline: .seconds(5)) }

            #expect(error?.code == .rateLimited)
            guard case .refused(after: let wait?) = error?.retry else {
                Issue.record("no wait")
                return
            }
            #expect(wait > .zero && wait <= .seconds(7))
        }
    }

    @Test func `an image is ordered, found by its marker, collected and fetched`() async throws {
        try await withSandbox { world in
            let begun = Date()
            let request = ImageRequest(prompt: "A loaf of rye", marker: "g1-1")
            let ticket = try await world.images.create(request, deadline: .seconds(5))
            let found = try await world.images.find(
                marker: "g1-1", since: begun.addingTimeInterval(-60), deadline: .seconds(5))
            let other = try await world.images.find(
                marker: "g2-1", since: begun.addingTimeInterval(-60), deadline: .seconds(5))

            var progress = ticket.progress
            while progress == .pending { progress = try await world.images.collect(ticket.id, deadline: .seconds(5)) }
            guard case .ready(let url) = progress else {
                Issue.record("\(progress)")
                return
            }
            let file = try await world.images.download(url, deadline: .seconds(10))

            #expect(found?.id == ticket.id)
            #expect(other == nil)
            #expect(file.kind == .png)
            #expect(file.width > file.height && file.height > 100)
        }
    }

    @Test func `an order can be stopped`() async throws {
        try await withSandbox(speed: 1) { world in
            let ticket = try await world.images.create(ImageRequest(prompt: "p", marker: "m"), deadline: .seconds(5))
            try await world.images.cancel(ticket.id, deadline: .seconds(5))
            try await world.images.cancel(ticket.id, deadline: .seconds(5))
            try await world.images.cancel("never-there", deadline: .seconds(5))

            guard case .failed(let failure) = try await world.images.collect(ticket.id, deadline: .seconds(5)) else {
                Issue.record("not stopped")
                return
            }
            #expect(failure.code == .cancelled)
        }
    }

    @Test(arguments: [
        (Fault.rateLimited, ProviderError.Code.rateLimited), (.insufficientCredit, .quotaExhausted),
        (.invalidKey, .unauthorized), (.badRequest, .rejected), (.serverError, .unavailable),
        (.badGatewayHTML, .unavailable), (.hang, .timedOut), (.halfBody, .unreachable), (.badJSON, .malformed),
    ])
    func `an image provider's fault is what it is`(_ fault: Fault, _ expected: ProviderError.Code) async throws {
        try await withSandbox(fault) { world in
            let request = ImageRequest(prompt: "p", marker: "m")
            let error = await failure { _ = try await world.images.create(request, deadline: .seconds(3)) }

            #expect(error?.code == expected)
        }
    }

    @Test(arguments: [(Fault.imageFailed, ImageFailure.Code.failed), (.imageFlagged, .flagged)])
    func `an order that fails says why`(_ fault: Fault, _ expected: ImageFailure.Code) async throws {
        try await withSandbox(fault) { world in
            let ticket = try await world.images.create(ImageRequest(prompt: "p", marker: "m"), deadline: .seconds(5))
            var progress = ticket.progress
            while progress == .pending { progress = try await world.images.collect(ticket.id, deadline: .seconds(5)) }

            guard case .failed(let failure) = progress else {
                Issue.record("\(progress)")
                return
            }
            #expect(failure.code == expected)
        }
    }

    @Test(arguments: ["gpt-image-2", "dall-e-3"])
    func `an image endpoint answers with the picture itself`(_ model: String) async throws {
        try await withSandbox { world in
            let request = ImageRequest(prompt: "A loaf of rye", marker: "g1-1")
            let ticket = try await world.painter(model).create(request, deadline: .seconds(20))
            let found = try await world.painter(model).find(
                marker: "g1-1", since: Date(timeIntervalSince1970: 0), deadline: .seconds(5))

            guard case .painted(let file) = ticket.progress else {
                Issue.record("\(ticket.progress)")
                return
            }
            #expect((file.kind, file.width, file.height) == (.png, 512, 288))
            #expect(ticket.id.hasPrefix("req_"))
            #expect(found == nil)
        }
    }

    @Test(arguments: [
        (Fault.rateLimited, ProviderError.Code.rateLimited), (.invalidKey, .unauthorized),
        (.forbidden, .unauthorized), (.badRequest, .rejected), (.modelNotFound, .modelNotFound),
        (.serverError, .unavailable), (.badGatewayHTML, .unavailable), (.overloaded, .unavailable),
        (.hang, .timedOut), (.halfBody, .unreachable), (.imageFlagged, .contentFiltered), (.imageFailed, .unavailable),
    ])
    func `an image endpoint's fault is what it is`(_ fault: Fault, _ expected: ProviderError.Code) async throws {
        try await withSandbox(fault) { world in
            let request = ImageRequest(prompt: "p", marker: "m")
            let error = await failure {
                _ = try await world.painter("gpt-image-2").create(request, deadline: .seconds(3))
            }

            #expect(error?.code == expected)
        }
    }

    // MARK: Set-up

    struct World: Sendable {
        let model: OpenAIClient
        let responses: OpenAIClient
        let images: ReplicateClient
        /// By the model's name.
        let painter: @Sendable (String) -> OpenAIImages
    }

    private func withSandbox(
        _ fault: Fault? = nil, retryAfter: Double? = nil, count: Int? = nil, speed: Double = 200,
        _ body: (World) async throws -> Void
    ) async throws {
        var configuration = SandboxConfiguration()
        configuration.port = 0
        configuration.speed = speed
        configuration.fixedLatency = true
        configuration.imageReadsPerMinute = 1_000_000
        let when = FaultRule.When(operation: nil)
        configuration.faults =
            fault.map { [FaultRule(when: when, fault: $0, retryAfter: retryAfter, count: count)] } ?? []
        let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let server = try SandboxServer(
            configuration: configuration, clock: ContinuousClock(), startedAt: Date(),
            random: SystemRandomNumberGenerator(), logger: quiet)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            let base = try OutboundURL("http://127.0.0.1:\(try await server.address().port)/v1")
            let transport = HTTPTransport(to: DestinationGuard(trusting: [base]), logger: quiet)
            do { try await body(Self.world(base, transport)) } catch {
                try await transport.shutdown()
                throw error
            }
            try await transport.shutdown()
            group.cancelAll()
        }
    }

    private static func world(_ base: OutboundURL, _ transport: HTTPTransport) -> World {
        let key = Secret("sk-sandbox")
        let model = ReplicateModel("black-forest-labs/flux-schnell", input: ["output_format": "png"])
        var settings = ReplicateClient.Settings(baseURL: base, key: key, model: model)
        settings.fileOrigins = [base.origin]
        var responses = OpenAIEndpoint(baseURL: base, key: key)
        responses.api = .responses
        return World(
            model: OpenAIClient(endpoint: .init(baseURL: base, key: key), transport: transport) { Date() },
            responses: OpenAIClient(endpoint: responses, transport: transport) { Date() },
            images: ReplicateClient(settings: settings, transport: transport) { Date() },
            painter: { model in
                let small = OpenAIImages.Settings(
                    endpoint: OpenAIEndpoint(baseURL: base, key: key), model: OpenAIImageModel(model),
                    size: .pixels(width: 512, height: 288))
                return OpenAIImages(settings: small, transport: transport) { Date() }
            })
    }

    private func failure(_ body: () async throws -> Void) async -> ProviderError? {
        do {
            try await body()
            return nil
        } catch { return error as? ProviderError }
    }
}
