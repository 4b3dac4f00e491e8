/// How a persona writes. Private: only its owner and the prompts see it.
package struct Calibration: Sendable, Codable, Equatable {
    /// None, or three.
    package var writingSamples: [String] = []
    /// Words and phrases that the persona never uses.
    package var doNotSay: [String] = []
    package var catchphrases: [String] = []
    /// 0 casual … 3 formal.
    package var formality = 1
    /// 0 silent … 100 always first.
    package var talkativeness = 50

    package static let samplesCount = 3
    package static let sampleLengthMax = 180

    package init() {}

    /// The formality in words, for prompts.
    var formalityInWords: String {
        ["casual", "relaxed", "measured", "formal"][min(max(formality, 0), 3)]
    }
}
