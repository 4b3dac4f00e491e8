/// What models charge.
package struct ModelPrices: Sendable {
    /// Nanodollars, so that sums stay exact: 0.15 dollars per million tokens are 150 a token.
    package struct Price: Sendable, Hashable {
        package var inputNanodollars: Int
        package var outputNanodollars: Int
        package var imageNanodollars: Int
        package init(inputNanodollars: Int = 0, outputNanodollars: Int = 0, imageNanodollars: Int = 0) {
            self.inputNanodollars = inputNanodollars
            self.outputNanodollars = outputNanodollars
            self.imageNanodollars = imageNanodollars
        }
    }

    /// By the model's name as configured.
    package var models: [String: Price]

    package init(_ models: [String: Price] = [:]) { self.models = models }

    /// Millionths of a dollar, rounded up; 0 for a model without a price.
    func microdollars(_ model: String, inputTokens: Int, outputTokens: Int) -> Int64 {
        guard let price = models[model] else { return 0 }
        return Int64((inputTokens * price.inputNanodollars + outputTokens * price.outputNanodollars + 999) / 1_000)
    }

    package func microdollarsOfImage(_ model: String) -> Int64 {
        Int64(((models[model]?.imageNanodollars ?? 0) + 999) / 1_000)
    }
}
