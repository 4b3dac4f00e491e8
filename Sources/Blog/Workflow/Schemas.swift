import Providers

/// The shapes of the model's answers.
enum Schemas {
    static let ideas = JSONSchema.object(
        name: "ideas",
        [
            "ideas": .array(
                of: .object([
                    "title": .string(length: 3...160),
                    "why": .string("Why it works, in one sentence.", length: 1...600),
                    "audience": .string(length: 1...200),
                    "format": .string("Such as how-to, list, comparison, story.", length: 1...80),
                    "keywords": .array(of: .string(length: 1...80), count: 1...10),
                ]), count: Selection.ideaCount...Selection.ideaCount)
        ])

    static let article = JSONSchema.object(
        name: "article",
        [
            "title": .string(length: 3...160),
            "slug": .string("Lower-case words joined by hyphens.", length: 1...120),
            "excerpt": .string("One or two sentences for lists.", length: 1...600),
            "body": .string("The whole article in Markdown, without its title.", length: 200...60_000),
            "metaDescription": .string("For search engines.", length: 1...320),
            "tags": .array(of: .string(length: 1...60), count: 1...10),
            "imagePrompt": .string(length: 3...1_000),
            "altText": .string(length: 1...300),
        ])
}
