import Database
import Synchronization

/// Where this process last saw the lanes' rows, so that folding need not search them, see ``LanePlace``.
///
/// Only ever hints: a row that somebody else has changed since lies elsewhere, and is then searched by its id.
final class LanePlaces: Sendable {
    /// Beyond this the memory starts anew.
    static let lanesMax = 50_000

    private let places = Mutex<[LaneID: LanePlace]>([:])

    /// For a statement that changes lanes: where their rows lie then; nothing on SQLite.
    static let returned: SQL = "\(postgres: "returning lanes.id, cast(lanes.ctid as text)", sqlite: "")"

    /// Takes in a row of ``returned``.
    func note(_ row: borrowing Row) {
        guard let lane = try? row[0] as LaneID, let text = try? row[1] as String else { return }
        places.withLock { places in
            if places.count >= Self.lanesMax { places.removeAll(keepingCapacity: true) }
            places[lane] = LanePlace(text: text)
        }
    }

    func places(of lanes: some Sequence<LaneID>) -> [LanePlace] {
        places.withLock { places in lanes.compactMap { places[$0] } }
    }
}
