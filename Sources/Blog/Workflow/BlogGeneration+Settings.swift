import Engine
import ProductKit

extension BlogGeneration {
    /// Models, prices and patience: configuration, since models retire and prices change.
    package struct Settings: Sendable {
        package var ideasModel: String
        package var articleModel: String
        /// The image provider's model, as the ledger names it.
        package var imageModel: String
        /// Who is paid for texts and for pictures, as the ledger names them.
        package var textProvider = "openai"
        package var imageProvider = "replicate"
        /// Texts come from a simulation, and readers are told.
        package var isSandbox = false
        package var prices = ModelPrices()
        package var pools = PoolNames()
        /// What calls usually cost, in the model pool's unit, tokens. A longer prompt or answer is charged for more.
        package var ideasCost = 2_000.0
        package var articleCost = 4_000.0
        /// What a model, by its name, may use for thoughts beside an answer; providers count that when they admit a call.
        package var thoughtTokensMax: @Sendable (String) -> Int = { _ in 0 }
        /// Upper bounds of the answers, in tokens. Providers charge them at admission, so they stay near the need.
        package var ideasTokensMax = 1_400
        package var articleTokensMax = 16_000
        package var timeouts = Timeouts()
        package var typical = TypicalDurations()
        package var attemptsMax = 5
        package var backoff = Backoff()
        /// How long a pool rests after a refusal that does not say.
        package var defaultPause = Duration.seconds(2)
        package var polling = ImagePolling()
        /// Orders of one article's picture: a second one when the first fails for no fault of its prompt.
        package var imageOrdersMax = 2
        package var aspectRatio = "16:9"
        /// Whether there is an image provider. Without one the only pictures are products' own.
        package var paintsImages = true
        /// Whether that provider answers an order with the picture, so that an order takes as long as painting; for
        /// estimates. What is done goes by the answer.
        package var paintsAtOnce = false
        /// Where the image provider reports the end of an order, if anywhere.
        package var imageWebhook: (@Sendable (_ job: JobID, _ order: Int) -> String?)?
        /// How long five ideas wait for their owner.
        package var selectionExpiry = Duration.seconds(14 * 86_400)

        package init(ideasModel: String, articleModel: String, imageModel: String) {
            self.ideasModel = ideasModel
            self.articleModel = articleModel
            self.imageModel = imageModel
        }
    }

    /// Deadlines of one attempt.
    package struct Timeouts: Sendable {
        package var source = Duration.seconds(30)
        package var ideas = Duration.seconds(30)
        package var article = Duration.seconds(60)
        /// An order, and painting where the provider answers with the picture.
        package var image = Duration.seconds(30)
        /// A question about an order, and fetching its picture.
        package var collect = Duration.seconds(30)
        package var publisher = Duration.seconds(60)
        package init() {}
    }

    /// How long a call usually takes, for estimates.
    package struct TypicalDurations: Sendable {
        package var source = Duration.seconds(1)
        package var ideas = Duration.seconds(5)
        package var article = Duration.seconds(15)
        package var image = Duration.seconds(1)
        /// From the order until the picture is there.
        package var painting = Duration.seconds(45)
        package var collect = Duration.seconds(1)
        package var draft = Duration.seconds(5)
        package var publish = Duration.seconds(2)
        package init() {}

        package mutating func scale(by factor: Double) {
            for part in [\Self.source, \.ideas, \.article, \.image, \.painting, \.collect, \.draft, \.publish] {
                self[keyPath: part] = self[keyPath: part] * factor
            }
        }
    }
}

/// How often to ask for a picture that is being painted, and when to give it up.
package struct ImagePolling: Sendable {
    /// The pauses before the first questions; the last one repeats.
    package var pauses: [Duration] = [.seconds(1), .seconds(2), .seconds(5)]
    /// The sum of pauses after which an order is given up.
    package var patience = Duration.seconds(300)
    package init() {}

    package mutating func scale(by factor: Double) {
        pauses = pauses.map { $0 * factor }
        patience = patience * factor
    }

    /// The pause before the question of this number, counting from 1.
    func pause(before question: Int) -> Duration {
        precondition(!pauses.isEmpty, "a poll needs a pause")
        return pauses[min(question, pauses.count) - 1]
    }

    /// Whether the question of this number is the last one.
    func isLast(_ question: Int) -> Bool {
        var waited = Duration.zero
        for number in 1...max(1, question) { waited += pause(before: number) }
        return waited >= patience
    }
}
