import Blog
import Engine
import Foundation
import HTTPTypes
import Hummingbird
import Testing

@testable import Web

@Suite struct `A reader of events` {
    @Test func `sees each once, also one that commits late`() {
        var cursor = EventCursor(after: 10)

        let first = cursor.admit([11, 13] as [Int64], id: { $0 })
        let second = cursor.admit([11, 12, 13, 14] as [Int64], id: { $0 })

        #expect(first == [11, 13])
        #expect(second == [12, 14])
        #expect(cursor.newest == 14)
    }

    @Test func `keeps a bounded memory`() {
        var cursor = EventCursor(after: 0)

        for id in Int64(1)...5_000 { _ = cursor.admit([id], id: { $0 }) }

        #expect(cursor.start == 5_000 - EventCursor.lookBack)
        #expect(cursor.admit([4_800, 4_999, 5_001] as [Int64], id: { $0 }) == [5_001])
    }

    @Test func `that is slow is told everything instead of a long list`() {
        let subscription = EventSubscription(id: 1, interest: .allJobs)

        for id in Int64(1)...1_000 { subscription.tell(JobID(rawValue: id)) }

        #expect(subscription.take() == EventSubscription.News(isEverything: true))
        #expect(subscription.take().isEmpty)
    }
}

@Suite struct `A trace` {
    let random = RandomSource(SystemRandomNumberGenerator())

    @Test(
        arguments: [
            nil, "", "00-0-0-0", "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01x",
        ] as [String?]) func `begins anew when none can be continued`(_ header: String?)
    {
        let trace = TraceID(traceparent: header, random: random)

        #expect(trace.description.count == 32)
        #expect(trace.description != "4bf92f3577b34da6a3ce929d0e0e4736")
        #expect(trace != TraceID.none)
    }
}

@Suite struct `A host name` {
    @Test(arguments: [
        ("localhost:8080", "localhost"), ("LOCALHOST", "localhost"), ("[::1]:80", "::1"), ("127.0.0.1:1", "127.0.0.1"),
    ]) func `is read without port and brackets`(_ authority: String, _ expected: String) {
        #expect(HostName(ofAuthority: authority)?.text == expected)
    }

    @Test func `is read from an address`() {
        #expect(HostName(ofURL: "https://press.example:444/x")?.text == "press.example")
        #expect(HostName(ofURL: "nonsense") == nil)
    }
}

@Suite struct `What the pages say` {
    @Test(arguments: [
        (0.4, "0.4 s"), (12, "12 s"), (89.6, "90 s"), (200, "3 min"), (3_900, "65 min"), (7_500, "2 h 5 min"),
        (200_000, "2 days"),
    ]) func `of a time is short`(_ seconds: Double, _ expected: String) {
        #expect(Phrases.duration(seconds) == expected)
    }

    @Test func `gives every status and every reason words`() {
        for status in GenerationStatus.allCases {
            #expect(!Phrases.title(of: status).isEmpty)
            for reason in WaitingReason.allCases {
                let sentence = Phrases.situation(of: .sample(status, waitingFor: reason))
                #expect(
                    sentence.hasSuffix(".") && sentence.first?.isUppercase == true, "\(status) \(reason): \(sentence)")
                #expect(!sentence.contains("_"))
            }
            #expect(StageView.all(of: .sample(status, waitingFor: nil)).count == 5)
        }
    }

    @Test func `names turn and time`() {
        var summary = GenerationSummary.sample(.generatingContent, waitingFor: .fairShare)
        summary.waiting?.position = 3
        summary.eta = .init(earliestSeconds: 10, latestSeconds: 14, until: .start)

        #expect(
            Phrases.situation(of: summary)
                == "Waiting for its turn at the language model, 3 before it, starts in about 12 s.")
    }
}

extension GenerationSummary {
    fileprivate static func sample(_ status: GenerationStatus, waitingFor reason: WaitingReason?) -> GenerationSummary {
        let waiting = reason.map { #", "waiting": {"reason": "\#($0.rawValue)"}"# } ?? ""
        let json = """
            {"id": "1", "site": "bakery", "status": "\(status.rawValue)", "sourceType": "keyword", "sourceId": "x",
             "imageState": "none", "ideasPending": false, "progressPercent": 40,
             "createdAt": "2026-11-21T08:30:00.000Z", "updatedAt": "2026-11-21T08:30:00.000Z"\(waiting)}
            """
        do { return try JSONDecoder().decode(GenerationSummary.self, from: Data(json.utf8)) } catch {
            preconditionFailure("the sample is not readable: \(error)")
        }
    }
}
