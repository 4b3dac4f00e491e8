import Arena
import Cards
import HTTPTypes
import Hummingbird
import NIOCore

/// `GET /b/{id}/card.png`: the battle as a picture to share. Whoever has it already is answered with 304 before anything is
/// drawn.
struct BattleCardPicture: Readable {
    static let path = "/b/{id}/card.png"
    let entrance: ArenaEntrance
    let pictures: CardPictures
    /// The address that people use, if it is known; it stands on the card.
    let publicURL: String?

    func get(_ call: Call) async throws -> Response {
        let detail = try await entrance.arena.battles.find(call.id(or: .battleNotFound))
        let card = BattleCard(detail, publicURL: publicURL)
        var headers: HTTPFields = [.eTag: card.etag, .cacheControl: "public, max-age=300"]
        if call.knows(tag: card.etag) { return Response(status: .notModified, headers: headers) }
        do {
            let picture = try await pictures.picture(of: card)
            headers[.contentType] = "image/png"
            return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: picture.png)))
        } catch {
            throw Problem.card(error)
        }
    }
}

extension BattleCard {
    init(_ detail: BattleDetail, publicURL: String?) {
        let battle = detail.battle
        let address = publicURL.map { url -> String in
            let host = url.firstRange(of: "://").map { String(url[$0.upperBound...]) } ?? url
            return host + (host.hasSuffix("/") ? "" : "/") + "b/\(battle.id)"
        }
        self.init(
            topic: battle.topic, room: battle.roomName, pro: Side(name: battle.nameA, style: battle.proStyle),
            con: Side(name: battle.nameB, style: battle.conStyle), outcome: Outcome(detail), language: battle.language,
            address: address ?? "")
    }
}

extension BattleCard.Outcome {
    fileprivate init(_ detail: BattleDetail) {
        self =
            switch detail.battle.status {
            case .queued: .waiting
            case .running: .underway(turn: detail.turns.count, of: detail.battle.turnTarget)
            case .judging: .judging
            case .complete:
                .decided(
                    detail.battle.verdict.map { BattleCard.Winner($0.winner) } ?? .none,
                    verdict: detail.battle.verdict?.verdict ?? "")
            case .partial: .unfinished
            case .failed: .failed
            case .cancelled: .cancelled
            }
    }
}

extension BattleCard.Winner {
    fileprivate init(_ winner: Verdict.Winner) {
        self =
            switch winner {
            case .a: .pro
            case .b: .con
            case .tie: .tie
            }
    }
}

extension Problem {
    fileprivate static func card(_ error: CardError) -> Problem {
        switch error {
        case .busy:
            Problem(
                .serviceUnavailable, code: error.rawValue, detail: "Too many cards wait to be drawn.",
                hint: "Ask again after the time in Retry-After.", headers: [.retryAfter: "1"])
        case .notDrawn:
            Problem(.internalServerError, code: error.rawValue, detail: "The card could not be drawn.")
        }
    }
}
