import Database
import Engine
import TestSupport
import Testing

@testable import Arena

/// Counted by the provider's side: the sandbox, which sees every call, a repair's too.
@Suite struct `What people ask for` {
    @Test(arguments: DatabaseFixture.all)
    func `costs as many calls of the model as it says`(_ fixture: DatabaseFixture) async throws {
        let sandbox = SandboxModel()
        try await Lounge.open(fixture, asking: try sandbox.client) { lounge in
            let arena = lounge.arena
            let (stoic, cynic) = (try await lounge.persona("Stoic"), try await lounge.persona("Cynic"))
            let (short, long) = (
                try await lounge.template { $0.turnCount = 7 }, try await lounge.template { $0.turnCount = 8 }
            )
            let post = try await lounge.post("Is bread worth the wait?", by: lounge.bob)
            func calls(_ deed: () async throws -> Void) async throws -> Int {
                let before = sandbox.calls
                try await deed()
                return sandbox.calls - before
            }
            func summary() async throws -> ThreadSummary {
                try await arena.threads.read(post.id, PageRequest(), for: lounge.ada, traceID: nil).summary
            }
            func battle(under template: Template) async throws {
                let battle = try await lounge.battled {
                    $0.personaA = stoic.id
                    $0.personaB = cynic.id
                    $0.template = template.id
                }
                #expect(battle.battle.status == .complete)
                #expect(battle.battle.verdict?.by == .judge)
            }
            try await lounge.working {
                let draft = try await calls {
                    let asked = try await arena.posts.draft(
                        DraftForm(persona: stoic.id, hint: "soup"), in: "kitchen", by: lounge.ada, traceID: nil)
                    #expect(try await lounge.ended(asked.id).status == .done)
                }
                let preview = try await calls {
                    let asked = try await arena.personas.preview(stoic.id, in: "kitchen", by: lounge.ada, traceID: nil)
                    #expect(try await lounge.ended(asked.id).texts.count == 2)
                }
                let replies = try await calls {
                    let asked = try await arena.replies.generate(
                        for: post.id, by: [stoic.id, cynic.id], caller: lounge.ada, traceID: nil)
                    for job in asked.jobs {
                        let id = try #require(job.operationID)
                        #expect(try await lounge.ended(id).status == .done)
                    }
                }
                let missed = try await calls {
                    try await lounge.wait("the summary") { try await summary().state == .fresh }
                }
                let hit = try await calls { for _ in 0..<5 { _ = try await summary() } }
                let battles = [
                    try await calls { try await battle(under: short) },
                    try await calls { try await battle(under: long) },
                ]
                let digests = try await calls {
                    #expect(try await arena.digests.daily(stoic.id, today: true, of: lounge.ada)?.replies == 1)
                    _ = try await arena.digests.daily(stoic.id, today: false, of: lounge.ada)
                    _ = try await arena.digests.weekly(of: lounge.ada)
                }

                #expect(draft == 1)
                #expect(preview == 2)
                #expect(replies == 2)
                #expect(missed == 1)
                #expect(hit == 0)
                #expect(battles == [2, 3])
                #expect(digests == 0)
            }
            #expect(sandbox.refusals == 0)
        }
    }
}
