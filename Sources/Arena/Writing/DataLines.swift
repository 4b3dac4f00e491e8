import ProductKit

/// The data part of a prompt: lines of the form `Name: value` between two marker lines.
///
/// Everything that people wrote stands here, and the model is told that it is data. A value cannot end its line, so it
/// cannot pretend to be another line, nor the marker.
struct DataLines {
    private var lines: [String] = []
    private static let valueLengthMax = 1_200

    var text: String { (["BEGIN DATA"] + lines + ["END DATA"]).joined(separator: "\n") }

    mutating func add(_ name: String, _ value: String?) {
        guard let value else { return }
        let line = TextRules.oneLine(value, max: Self.valueLengthMax)
        if !line.isEmpty { lines.append("\(name): \(line)") }
    }

    mutating func add(_ name: String, each values: [String]) { for value in values { add(name, value) } }

    /// The persona as its owner has calibrated it.
    mutating func describe(_ persona: Persona, as prefix: String = "Persona") {
        add(prefix, persona.name)
        add("\(prefix) bio", persona.bio)
        add("\(prefix) tone", persona.tone)
        add("\(prefix) register", persona.calibration.formalityInWords)
        add("\(prefix) language", persona.language)
        add("\(prefix) sample", each: persona.calibration.writingSamples)
        add("\(prefix) catchphrase", each: persona.calibration.catchphrases)
        add("\(prefix) never says", each: persona.calibration.doNotSay)
    }
}
