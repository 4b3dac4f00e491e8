extension SQL {
    /// The statement with some of its literal parts replaced, for tests that take a guard out of a statement and see who
    /// notices. Values stay values.
    ///
    /// - Parameter replacement: what to write instead of a literal part, which it gets as it stands between two values;
    ///   nil to keep it.
    package func replacingLiterals(_ replacement: (String) -> StaticString?) -> SQL {
        SQL(pieces: Self.replaced(pieces, replacement))
    }

    private static func replaced(_ pieces: [Piece], _ replacement: (String) -> StaticString?) -> [Piece] {
        pieces.map { piece in
            switch piece {
            case .literal(let text): .literal(replacement(text.description) ?? text)
            case .dialect(let postgres, let sqlite):
                .dialect(postgres: replaced(postgres, replacement), sqlite: replaced(sqlite, replacement))
            case .hook, .parameter: piece
            }
        }
    }
}
