import ProductKit

extension Configuration {
    /// What models cost, by name: prices change more often than programs, so they are settings.
    ///
    /// ```yaml
    /// prices:
    ///   gpt-6-luna: {input: 0.10, output: 0.50}              # dollars per million tokens
    ///   black-forest-labs/flux-schnell: {image: 0.003}       # dollars per image
    /// ```
    struct Prices: Sendable {
        typealias Price = ModelPrices.Price

        /// List prices when this version was made; a model of the file replaces the one of the same name.
        private static let standard: [String: Price] = [
            "gpt-6-luna": Price(inputNanodollars: 100, outputNanodollars: 500),
            "gpt-6-sol": Price(inputNanodollars: 2_000, outputNanodollars: 10_000),
            "gpt-6.1-sol": Price(inputNanodollars: 2_000, outputNanodollars: 10_000),
            "gpt-5.6-luna": Price(inputNanodollars: 200, outputNanodollars: 1_200),
            "gpt-5.6-sol": Price(inputNanodollars: 4_000, outputNanodollars: 20_000),
            "gpt-4o-mini": Price(inputNanodollars: 150, outputNanodollars: 600),
            "black-forest-labs/flux-schnell": Price(imageNanodollars: 3_000_000),
        ]

        let all: ModelPrices

        /// The price of a model; `nil` when nobody gave one, so that its cost is unknown rather than zero.
        subscript(model: String) -> Price? { all.models[model] }

        init(_ reader: inout SettingReader) {
            var given: [String: Price] = [:]
            for entry in reader.fileSection("PRICES") {
                guard entry.path.count == 3, let part = Part(rawValue: entry.path[2]) else {
                    let advice = "expected prices: {MODEL: {input, output, image}}"
                    reader.refuse(Self.name(entry), shown: nil, advice, from: entry.source)
                    continue
                }
                guard let nanodollars = part.nanodollars(entry.text) else {
                    let shown = SettingForm<String>.quoted(entry.text)
                    reader.refuse(Self.name(entry), shown: shown, "expected \(part.expected)", from: entry.source)
                    continue
                }
                given[entry.path[1], default: Price()][keyPath: part.target] = nanodollars
                reader.note(Self.name(entry), entry.text, from: entry.source)
            }
            all = ModelPrices(Self.standard.merging(given) { _, given in given })
        }

        private static func name(_ entry: FileSettings.Entry) -> String {
            entry.path.dropFirst().reduce("PRICES") { "\($0) \($1)" }
        }
    }
}

/// The parts of a price as the file names them.
private enum Part: String {
    case input, output, image

    var target: WritableKeyPath<Configuration.Prices.Price, Int> {
        switch self {
        case .input: \.inputNanodollars
        case .output: \.outputNanodollars
        case .image: \.imageNanodollars
        }
    }

    var expected: String {
        self == .image
            ? "dollars per image, from 0 to 100" : "dollars per million tokens, from 0 to 10000, in steps of 0.001"
    }

    /// A dollar per million tokens is a thousand nanodollars per token.
    func nanodollars(_ text: String) -> Int? {
        let (scale, bound) = self == .image ? (1e9, 100.0) : (1_000, 10_000)
        guard let dollars = NumberText.parseDecimal(text), dollars <= bound else { return nil }
        let scaled = dollars * scale
        return (scaled - scaled.rounded()).magnitude < 1e-6 ? Int(scaled.rounded()) : nil
    }
}
