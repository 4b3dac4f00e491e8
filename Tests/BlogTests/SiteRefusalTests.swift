import Engine
import Foundation
import Publishers
import TestSupport
import Testing

@testable import Blog

/// What becomes of an article when the owner's site does not do what was asked.
@Suite struct `A generation whose site refuses` {
    @Test(arguments: DatabaseFixture.all)
    func `every call for a while waits for it and loses no attempt`(_ fixture: DatabaseFixture) async throws {
        try await Newsroom.open(fixture, { $0.attemptsMax = 1 }) { room in
            room.publisher.beforeDraft { number in
                guard number <= 6 else { return }
                throw PublisherError(
                    .rateLimited, "Too many calls.", retry: .refused(after: number < 3 ? nil : .milliseconds(5)))
            }
            let done = try await room.finished { $0.autoSelect = true }

            #expect(done.summary.status == .done)
            #expect(done.timeline.count { $0.kind == "retrying" } == 6)
            #expect(room.publisher.entries.count == 1)
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `the picture has its draft without one, and says why`(_ fixture: DatabaseFixture) async throws {
        try await Newsroom.open(fixture) { room in
            room.publisher.refusePictures(because: "Wix cannot read the picture")
            let done = try await room.finished { $0.autoSelect = true }

            #expect(done.summary.status == .done)
            #expect(done.summary.imageState == .failed)
            #expect(done.imageError == "Wix cannot read the picture")
        }
    }

    /// What the engine does by what a destination says.
    static let cases: [(PublisherError.Retry, StepFailure.Retry)] = [
        (.never, .never), (.backoff, .backoff), (.after(.seconds(7)), .after(.seconds(7))),
        (.refused(after: .seconds(7)), .refusedToTenant(.seconds(7))),
        (.refused(after: nil), .refusedToTenant(.seconds(2))),
    ]

    @Test(arguments: cases)
    func `is treated as the refusal says, and its pool goes on`(
        _ told: PublisherError.Retry, _ retry: StepFailure.Retry
    ) {
        let error = PublisherError(.unreachable, "No.", hint: "Wait.", retry: told)
        let failure = StepFailure(error, defaultPause: .seconds(2))

        #expect(failure.retry == retry)
        #expect(failure.outage == nil)
        #expect(failure.code == "publisher.unreachable")
        #expect(failure.hint == "Wait.")
    }
}
