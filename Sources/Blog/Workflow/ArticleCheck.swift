import Providers

/// What an article must be beyond its JSON shape.
enum ArticleCheck {
    /// What the model is asked to repair; empty when the article is as it should be.
    static func problems(_ article: Article, brief: Brief) -> [JSONSchema.Problem] {
        var problems: [JSONSchema.Problem] = []
        let words = WordCount.of(article.body)
        if words < brief.words / 2 || words > brief.words * 2 {
            problems.append(
                JSONSchema.Problem(path: "body", complaint: "has about \(words) words; about \(brief.words) are wanted")
            )
        }
        if headings(in: article.body) < 2 {
            problems.append(
                JSONSchema.Problem(path: "body", complaint: "needs at least two headings that begin with \"## \""))
        }
        return problems
    }

    /// What makes a repaired article useless all the same. A length that is somewhat off does not: the owner sees it.
    static func isUsable(_ article: Article, brief: Brief) -> Bool {
        WordCount.of(article.body) >= brief.words / 4 && headings(in: article.body) >= 1
    }

    private static func headings(in body: String) -> Int {
        body.split(whereSeparator: \.isNewline).count { $0.hasPrefix("## ") || $0.hasPrefix("### ") }
    }
}

/// Counts words, also of scripts that put no blanks between them: there two characters pass for a word.
enum WordCount {
    static func of(_ text: String) -> Int {
        var words = 0
        var dense = 0
        var isInWord = false
        for scalar in text.unicodeScalars {
            if isDense(scalar) {
                dense += 1
                isInWord = false
            } else if isPartOfWord(scalar) {
                if !isInWord { words += 1 }
                isInWord = true
            } else if scalar != "'" && scalar != "’" && scalar != "-" {
                isInWord = false
            }
        }
        return words + (dense + 1) / 2
    }

    private static func isPartOfWord(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.isASCII else { return scalar.properties.isAlphabetic || scalar.properties.numericType != nil }
        // The tables of Unicode are slow, and nearly all text is this.
        return switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9": true
        default: false
        }
    }

    /// Chinese, Japanese, Thai, Lao, Khmer, Burmese.
    private static func isDense(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF, 0x3040...0x30FF, 0x3400...0x9FFF, 0x20000...0x3FFFF:
            true
        default: false
        }
    }
}
