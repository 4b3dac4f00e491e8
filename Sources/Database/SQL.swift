/// A statement or a part of one. Interpolating a value binds it; only `StaticString`s ever become text, so the type checker
/// is what keeps data out of SQL.
///
/// ```swift
/// try tx.execute("update jobs set held = \(true) where id \(ids: chosen) and tenant = \(tenant)")
/// ```
public struct SQL: Sendable, ExpressibleByStringInterpolation {
    enum Piece: Sendable {
        case literal(StaticString)
        case hook(SQLHook)
        case parameter(SQLValue)
        case dialect(postgres: [Piece], sqlite: [Piece])
    }
    var pieces: [Piece]

    init(pieces: [Piece]) { self.pieces = pieces }
    public init(stringLiteral value: StaticString) { pieces = [.literal(value)] }
    public init(stringInterpolation: StringInterpolation) { pieces = stringInterpolation.pieces }

    public static func + (left: SQL, right: SQL) -> SQL { SQL(pieces: left.pieces + right.pieces) }
    public static func += (left: inout SQL, right: SQL) { left.pieces += right.pieces }

    /// The text and the parameters for one dialect.
    ///
    /// Both databases number `$n` the same way as long as each number is used once and in order, which holds by
    /// construction. (To SQLite `$2` is a name, numbered by its first appearance.)
    public func statement(for dialect: Dialect) -> SQLStatement {
        if pieces.count == 1, case .literal(let only) = pieces[0] {
            return SQLStatement(text: only.description, parameters: [])
        }
        var statement = SQLStatement(text: "", parameters: [])
        statement.text.reserveCapacity(256)
        statement.append(pieces, dialect)
        return statement
    }
}

/// A rendered statement: what a driver sends.
public struct SQLStatement: Sendable, Hashable {
    public internal(set) var text: String
    public internal(set) var parameters: [SQLValue]

    /// - Parameter text: numbered `$1`, `$2`, …, as ``SQL/statement(for:)`` renders it.
    public init(text: String, parameters: [SQLValue]) {
        self.text = text
        self.parameters = parameters
    }

    mutating func append(_ pieces: [SQL.Piece], _ dialect: Dialect) {
        for piece in pieces {
            switch piece {
            case .literal(let literal): text += literal.description
            case .hook(let hook): text += hook.text(dialect).description
            case .dialect(let postgres, let sqlite): append(dialect == .postgres ? postgres : sqlite, dialect)
            case .parameter(let value):
                parameters.append(value)
                text += "$"
                text += String(parameters.count)
            }
        }
    }

    /// SQLite's default limit; PostgreSQL's is 65,535.
    public static let parametersMax = 32_766

    /// Refuses, before anything is sent, what only one of the two databases would refuse or silently change.
    public func validate() throws {
        if parameters.count > Self.parametersMax {
            throw DatabaseError(
                .badValue, "a statement binds \(parameters.count) values; the most is \(Self.parametersMax)",
                hint: "Send the rows in smaller groups.")
        }
        try Self.validate(parameters)
    }

    /// Refuses values that only one of the two databases would refuse or silently change.
    public static func validate(_ values: [SQLValue]) throws {
        for value in values {
            switch value {
            case .text(let text) where text.utf8.contains(0):
                throw DatabaseError(.badValue, "a text holds a NUL character", hint: "Remove it, or store a blob.")
            case .real(let number) where number.isNaN:
                throw DatabaseError(.badValue, "a number is not a number (NaN)")
            case .column(let values, _): try Self.validate(values)
            default: continue
            }
        }
    }
}

extension Sequence<SQL> {
    /// One statement out of parts: `conditions.joined(separator: " and ")`.
    public func joined(separator: SQL) -> SQL {
        var joined = SQL(pieces: [])
        for (index, part) in enumerated() {
            if index > 0 { joined += separator }
            joined += part
        }
        return joined
    }
}
