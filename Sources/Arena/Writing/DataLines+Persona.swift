import ProductKit

extension DataLines {
    init() { self.init(valueLengthMax: 1_200) }

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
