/// Makes anybody's text fit for one line of a card.
enum CardText {
    /// White space of any kind and control characters become single blanks; overrides of the writing direction go, because
    /// they would turn around what stands beside them.
    ///
    /// - Parameter scalarsMax: bounds what is laid out. Characters would not: one of them may hold any number of marks.
    static func line(_ text: String, scalarsMax: Int) -> String {
        var line = String.UnicodeScalarView()
        var pendsBlank = false
        for scalar in text.unicodeScalars.prefix(4 * scalarsMax) {
            guard line.count < scalarsMax else { break }
            if scalar.properties.isWhitespace || scalar.properties.generalCategory == .control {
                pendsBlank = !line.isEmpty
            } else if !isOverride(scalar) {
                if pendsBlank { line.append(" ") }
                pendsBlank = false
                line.append(scalar)
            }
        }
        return String(line)
    }

    /// Whether the first letter says so.
    static func isRightToLeft(_ text: String) -> Bool {
        text.unicodeScalars.first(where: \.properties.isAlphabetic).map(isRightToLeft) ?? false
    }

    /// Unicode keeps whole blocks for scripts that run from right to left, those to come included.
    private static func isRightToLeft(_ letter: Unicode.Scalar) -> Bool {
        switch letter.value {
        case 0x0590...0x08FF, 0xFB1D...0xFDFF, 0xFE70...0xFEFF, 0x10800...0x10FFF, 0x1E800...0x1EFFF: true
        default: false
        }
    }

    private static func isOverride(_ scalar: Unicode.Scalar) -> Bool { scalar == "\u{202D}" || scalar == "\u{202E}" }
}
