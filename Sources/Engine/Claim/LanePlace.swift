import Database

/// Where a lane's row that this transaction has locked lies, so that it is changed without another search.
///
/// Every claim makes a new version of a hot lane's row, and while a long transaction elsewhere keeps the old ones alive,
/// a search by id passes all of them: 6,000 blocks after half a million jobs of one lane. Empty on SQLite, where rows
/// are found by id.
struct LanePlace: Sendable {
    static let column: SQL = "\(postgres: "cast(ctid as text)", sqlite: "''")"
    var text = ""

    /// Changes locked lanes, one for each row of values: first the lane's id, last its place.
    ///
    /// - Parameter assignments: of `lanes`, from the row `v`.
    static func update(
        _ rows: [[SQLValue]], setting assignments: SQL, in transaction: borrowing Transaction
    ) throws {
        guard let width = rows.first?.count else { return }
        precondition(width == 6 || width == 8, "the statement names the place's column")
        let place: SQL = width == 6 ? "v.column6" : "v.column8"
        let changed = try transaction.execute(
            """
            update lanes set \(assignments) from (values \(values: rows)) as v
             where \(postgres: "lanes.ctid = cast(\(place) as tid)", sqlite: "lanes.id = v.column1")
            """)
        guard changed == rows.count else { throw DatabaseError(.serialization, "a locked lane has moved") }
    }
}
