extension SQL {
    /// Gathers the pieces of an interpolated statement.
    public struct StringInterpolation: StringInterpolationProtocol {
        var pieces: [Piece] = []

        public init(literalCapacity: Int, interpolationCount: Int) {
            pieces.reserveCapacity(interpolationCount * 2 + 1)
        }

        public mutating func appendLiteral(_ literal: StaticString) {
            if literal.utf8CodeUnitCount > 0 { pieces.append(.literal(literal)) }
        }

        /// `\(value)` binds the value.
        public mutating func appendInterpolation(_ value: some SQLEncodable) { bind(value.sqlValue) }

        /// `\(value)` binds the value, or null. (Without this overload the compiler warns of a debug description.)
        public mutating func appendInterpolation(_ value: (some SQLEncodable)?) { bind(value.sqlValue) }

        /// `\(value)` binds a value that is encoded already.
        public mutating func appendInterpolation(_ value: SQLValue) { bind(value) }

        /// `\(fragment)` puts a statement's part in its place, parameters included.
        public mutating func appendInterpolation(_ fragment: SQL) { pieces += fragment.pieces }

        /// `\(raw: "…")`: literals only.
        public mutating func appendInterpolation(raw literal: StaticString) { pieces.append(.literal(literal)) }

        /// `select … \(.lock(.updateSkipLocked))`: nothing on SQLite.
        public mutating func appendInterpolation(_ hook: SQLHook) { pieces.append(.hook(hook)) }

        /// `\(postgres: "…", sqlite: "…")`: what the dialects spell differently.
        public mutating func appendInterpolation(postgres: SQL, sqlite: SQL) {
            pieces.append(.dialect(postgres: postgres.pieces, sqlite: sqlite.pieces))
        }

        /// `in (\(list: names))`: a parameter each, `null` when empty. For integers prefer `\(ids:)`.
        public mutating func appendInterpolation(list values: some Collection<some SQLEncodable>) {
            if values.isEmpty { return pieces.append(.literal("null")) }
            separated(values) { $0.bind($1.sqlValue) }
        }

        /// `where id \(ids: chosen)`: one parameter however many there are, so one prepared statement.
        public mutating func appendInterpolation(ids: some Collection<Int64>) {
            let list = Piece.parameter(.integers(Array(ids)))
            pieces.append(
                .dialect(
                    postgres: [.literal("= any("), list, .literal(")")],
                    sqlite: [.literal("in (select value from json_each("), list, .literal("))")]))
        }

        /// `values \(values: rows)` becomes `($1, $2), ($3, $4)`, for inserts and for `(values …) as v` with the columns
        /// `column1`, `column2`, …
        ///
        /// - Precondition: `rows` is not empty; there is no SQL for that.
        public mutating func appendInterpolation(values rows: [[SQLValue]]) {
            precondition(!rows.isEmpty, "values of no rows")
            separated(rows) { pieces, row in
                pieces.appendLiteral("(")
                pieces.separated(row) { $0.bind($1) }
                pieces.appendLiteral(")")
            }
        }

        /// `from \(table: rows)`: rows of values as a table called `v` with the columns `column1`, `column2`, … up to 8.
        /// On PostgreSQL one text for any number of rows.
        ///
        /// - Precondition: `rows` is not empty, and holds neither blobs nor arrays.
        public mutating func appendInterpolation(table rows: [[SQLValue]]) {
            precondition(!rows.isEmpty, "a table of no rows")
            var sqlite = StringInterpolation(literalCapacity: 0, interpolationCount: rows.count)
            sqlite.appendInterpolation(values: rows)
            var postgres = StringInterpolation(literalCapacity: 0, interpolationCount: rows[0].count)
            postgres.separated(rows[0].indices) { pieces, index in
                guard let column = try? SQLValue.column(rows, at: index) else {
                    preconditionFailure("a table of values holds a blob or an array")
                }
                pieces.bind(column)
            }
            pieces.append(
                .dialect(
                    postgres: [.literal("unnest(")] + postgres.pieces + [
                        .literal(") as v ("), .literal(Self.columnNames[rows[0].count - 1]), .literal(")"),
                    ],
                    sqlite: [.literal("(values ")] + sqlite.pieces + [.literal(") as v")]))
        }

        private static let columnNames: [StaticString] = [
            "column1", "column1, column2", "column1, column2, column3", "column1, column2, column3, column4",
            "column1, column2, column3, column4, column5", "column1, column2, column3, column4, column5, column6",
            "column1, column2, column3, column4, column5, column6, column7",
            "column1, column2, column3, column4, column5, column6, column7, column8",
        ]

        /// `\(timestamp: milliseconds)`: since 1970, written as `timestamptz`, or as UTC text `YYYY-MM-DD HH:MM:SS.mmm`.
        public mutating func appendInterpolation(timestamp milliseconds: Double?) {
            let value = Piece.parameter(milliseconds.sqlValue)
            pieces.append(
                .dialect(
                    postgres: [.literal("to_timestamp("), value, .literal(" / 1000.0)")],
                    sqlite: [.literal("strftime('%Y-%m-%d %H:%M:%f', "), value, .literal(" / 1000.0, 'unixepoch')")]))
        }

        /// `select \(milliseconds: "created_at")` reads such a column back as milliseconds since 1970.
        public mutating func appendInterpolation(milliseconds column: StaticString) {
            let name = Piece.literal(column)
            pieces.append(
                .dialect(
                    postgres: [.literal("cast(extract(epoch from "), name, .literal(") * 1000 as float8)")],
                    sqlite: [.literal("round((julianday("), name, .literal(") - 2440587.5) * 86400000.0)")]))
        }

        private mutating func bind(_ value: SQLValue) { pieces.append(.parameter(value)) }

        private mutating func separated<Element>(
            _ elements: some Collection<Element>, _ append: (inout StringInterpolation, Element) -> Void
        ) {
            for (index, element) in elements.enumerated() {
                if index > 0 { pieces.append(.literal(", ")) }
                append(&self, element)
            }
        }
    }
}
