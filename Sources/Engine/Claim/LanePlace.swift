import Database

/// Where a lane's row that this transaction has locked lies, so that it is changed without another search.
///
/// Every claim makes a new version of a hot lane's row, and while a long transaction elsewhere keeps the old ones alive,
/// a search by id passes all of them: 5,000 blocks after half a million jobs of one lane. The lock keeps the row in its
/// place. Empty on SQLite, where rows are found by id.
struct LanePlace: Sendable {
    static let column: SQL = "\(postgres: "cast(ctid as text)", sqlite: "''")"
    var text = ""

    /// Whether a row of `lanes` is the one of the row `v`, whose first column is the lane's id.
    ///
    /// - Parameter column: of `v`, the place.
    static func isRow(_ column: SQL) -> SQL {
        "\(postgres: "lanes.ctid = cast(\(column) as tid)", sqlite: "lanes.id = v.column1")"
    }
    /// Whether a row of `lanes` lies at one of the places; never on SQLite.
    static func isAny(of places: [LanePlace]) -> SQL {
        let list = "{\(places.map { "\"\($0.text)\"" }.joined(separator: ","))}"
        return "\(postgres: "lanes.ctid = any(cast(cast(\(list) as text) as tid[]))", sqlite: "0 = 1")"
    }
}
