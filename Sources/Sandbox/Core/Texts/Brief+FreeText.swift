extension Brief {
    /// What a title is about: what stands before its colon, or all of it.
    static func subject(ofTitle title: String) -> String {
        title.split(separator: ":").first.map(String.init) ?? title
    }

    /// What a free prompt is about: a quoted phrase, what follows "about", "on" or "for", or its telling words.
    static func subject(ofFreeText text: String) -> String? {
        if let quoted = quoted(in: text) { return quoted }
        let words = text.split(whereSeparator: \.isWhitespace)
        for marker in ["about", "regarding", "explain", "describe", "on", "for"] {
            guard let index = words.firstIndex(where: { $0.lowercased() == marker }) else { continue }
            let phrase = phrase(of: words[(index + 1)...])
            if !phrase.isEmpty { return phrase }
        }
        return tellingWords(of: text)
    }

    /// `1200` of "in about 1200 words" or "a 1,200-word article".
    static func words(inFreeText text: String) -> Int? {
        let parts = text.lowercased().split { !$0.isLetter && !$0.isNumber && $0 != "," }
        for (number, unit) in zip(parts, parts.dropFirst()) where unit == "words" || unit == "word" {
            let digits = number.filter(\.isNumber)
            if let words = Int(digits), wordsRange.contains(words) { return words }
        }
        return nil
    }

    private static func quoted(in text: String) -> String? {
        for (open, close) in [("\"", "\""), ("“", "”"), ("«", "»")] {
            guard let start = text.firstRange(of: open) else { continue }
            let rest = text[start.upperBound...]
            guard let end = rest.firstRange(of: close) else { continue }
            let phrase = rest[..<end.lowerBound]
            if (2...80).contains(phrase.count), !phrase.contains(where: \.isNewline) { return String(phrase) }
        }
        return nil
    }

    /// The first words up to the end of the clause, at most eight, without an article before them.
    private static func phrase(of words: ArraySlice<Substring>) -> String {
        let ends: Set<String> = ["in", "for", "with", "that", "which", "who", "using", "as", "to", "and"]
        let articles: Set<String> = ["the", "a", "an", "me", "us"]
        var phrase: [String] = []
        for word in words.drop(while: { articles.contains($0.lowercased()) }).prefix(8) {
            if !phrase.isEmpty, ends.contains(word.lowercased()) { break }
            phrase.append(word.filter { !".,;:?!".contains($0) })
            if let last = word.last, ".,;:?!".contains(last) { break }
        }
        return phrase.joined(separator: " ")
    }

    private static func tellingWords(of text: String) -> String? {
        let dull: Set<String> = [
            "write", "please", "article", "blog", "post", "give", "make", "create", "this", "that", "with", "from",
            "your", "what", "when", "where", "which", "would", "could", "should", "there", "their", "have", "some",
            "short", "long", "text", "answer", "question", "ideas", "five", "hello", "say", "tell", "how", "why", "the",
        ]
        let words = text.split { !$0.isLetter && $0 != "-" }.filter { $0.count > 2 && !dull.contains($0.lowercased()) }
        return words.isEmpty ? nil : words.prefix(3).joined(separator: " ")
    }
}
