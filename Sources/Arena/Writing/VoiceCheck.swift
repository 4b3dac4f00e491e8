import Foundation
import ProductKit
import Providers

/// What a text in a persona's name must be beyond its JSON shape.
struct VoiceCheck {
    let persona: Persona
    /// The persona's own last texts, which it does not repeat.
    let earlier: [String]
    /// In characters.
    let lengthMax: Int

    static let linksMax = 2
    static let earlierMax = 20
    /// In characters, of an earlier text in a complaint.
    static let quotationMax = 400
    /// The share of common word pairs from which a text counts as the same again.
    static let similarityMax = 0.8

    /// What the model is asked to repair; empty when the text is as it should be.
    func problems(_ answer: WrittenText) -> [JSONSchema.Problem] {
        let text = TextRules.plain(answer.text)
        var complaints: [String] = []
        if text.unicodeScalars.count > lengthMax {
            complaints.append("has \(text.unicodeScalars.count) characters; at most \(lengthMax) are allowed")
        }
        if text.isEmpty { complaints.append("is empty") }
        complaints += saidAnyway(text).map { "uses \"\($0)\", which the persona never says" }
        if Links.count(in: text) > Self.linksMax { complaints.append("has more than \(Self.linksMax) addresses") }
        if betraysTheModel(text) { complaints.append("speaks of itself as a language model") }
        if let same = earlier.first(where: { Similarity.of(text, $0) >= Self.similarityMax }) {
            // The model was shown only the latest few; of this one it hears here.
            let quotation = TextRules.oneLine(same, max: Self.quotationMax).debugDescription
            complaints.append("repeats what the persona has written before, the data \(quotation)")
        }
        var problems = complaints.map { JSONSchema.Problem(path: "text", complaint: $0) }
        if !LanguageCheck.fits(text, declared: answer.language, wanted: persona.language) {
            problems.append(JSONSchema.Problem(path: "language", complaint: "must be \(persona.language)"))
        }
        return problems
    }

    /// Phrases of the persona's list that stand in the text as whole words, whatever their case and accents.
    private func saidAnyway(_ text: String) -> [String] {
        let words = " " + Similarity.words(text).joined(separator: " ") + " "
        return persona.calibration.doNotSay.filter { phrase in
            let wanted = Similarity.words(phrase).joined(separator: " ")
            return !wanted.isEmpty && words.contains(" \(wanted) ")
        }
    }

    private func betraysTheModel(_ text: String) -> Bool {
        let words = " " + Similarity.words(text).joined(separator: " ") + " "
        return [" as an ai ", " as a language model ", " i am an ai "].contains { words.contains($0) }
    }
}

/// How alike two texts are.
enum Similarity {
    /// The share of word pairs that both have (Jaccard): 0 nothing, 1 the same.
    static func of(_ one: String, _ other: String) -> Double {
        let (left, right) = (pairs(one), pairs(other))
        guard !left.isEmpty, !right.isEmpty else { return 0 }
        let common = left.intersection(right).count
        return Double(common) / Double(left.count + right.count - common)
    }

    /// Lower-case words without accents and punctuation.
    static func words(_ text: String) -> [String] {
        text.folding(options: [.diacriticInsensitive, .caseInsensitive, .widthInsensitive], locale: nil).lowercased()
            .split { !($0.isLetter || $0.isNumber) }.map(String.init)
    }

    private static func pairs(_ text: String) -> Set<String> {
        let words = words(text)
        guard words.count > 1 else { return Set(words) }
        return Set(zip(words, words.dropFirst()).map { "\($0) \($1)" })
    }
}

/// Addresses in a text.
enum Links {
    static func count(in text: String) -> Int {
        text.lowercased().split(whereSeparator: \.isWhitespace)
            .count { $0.contains("://") || $0.hasPrefix("www.") }
    }
}

/// Whether a text is in a language, as far as its script and its author's own word can tell.
enum LanguageCheck {
    static func fits(_ text: String, declared: String, wanted: String) -> Bool {
        guard LanguageTag.primary(declared) == LanguageTag.primary(wanted) else { return false }
        guard let ranges = scripts[LanguageTag.primary(wanted)] else { return true }
        let letters = text.unicodeScalars.filter { $0.properties.isAlphabetic }
        let own = letters.count { letter in ranges.contains { $0.contains(letter.value) } }
        // Names and quotations may be foreign; half of the letters are not.
        return letters.isEmpty || own * 2 >= letters.count
    }

    /// The letters of languages that are written in a script of their own.
    private static let scripts: [String: [ClosedRange<UInt32>]] = {
        let (cyrillic, arabic): (ClosedRange<UInt32>, ClosedRange<UInt32>) = (0x0400...0x052F, 0x0600...0x06FF)
        let latin: [ClosedRange<UInt32>] = [0x41...0x5A, 0x61...0x7A, 0xC0...0x24F, 0x1E00...0x1EFF]
        var scripts: [String: [ClosedRange<UInt32>]] = [
            "ja": [0x3040...0x30FF, 0x3400...0x9FFF], "zh": [0x3400...0x9FFF],
            "ko": [0xAC00...0xD7AF, 0x1100...0x11FF],
            "he": [0x0590...0x05FF], "el": [0x0370...0x03FF], "hi": [0x0900...0x097F], "th": [0x0E00...0x0E7F],
        ]
        for language in ["ru", "uk", "bg", "be", "mk"] { scripts[language] = [cyrillic] }
        for language in ["ar", "fa", "ur"] { scripts[language] = [arabic] }
        for language in ["en", "de", "fr", "es", "it", "pt", "nl", "tr", "pl", "cs", "sv", "da", "fi", "vi"] {
            scripts[language] = latin
        }
        return scripts
    }()
}
