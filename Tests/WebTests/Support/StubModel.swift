import Providers

/// A language model that answers at once: ideas or an article, whichever is asked for.
struct StubModel: LanguageModel {
    var hostileText = ""

    func complete(_ prompt: Prompt, deadline: Duration) async throws -> Completion {
        let isIdeas = prompt.schema?.name == "ideas"
        return Completion(
            content: isIdeas ? ideas : article, usage: TokenUse(inputTokens: 100, outputTokens: 200), model: "stub")
    }

    private var ideas: String {
        let list = (1...5).map { number in
            """
            {"title": "Idea \(number)\(hostileText)", "why": "It is asked for often.", "audience": "Bakers", \
            "format": "how-to", "keywords": ["bread", "flour"]}
            """
        }
        return #"{"ideas": [\#(list.joined(separator: ","))]}"#
    }

    private var article: String {
        let paragraph = String(
            repeating: "Flour and water wait for each other, and patience does the rest. ", count: 60)
        return """
            {"title": "A starter from nothing\(hostileText)", "slug": "a-starter", "excerpt": "In five days.", \
            "body": "## Day one\\n\\n\(hostileText) \(paragraph)\\n\\n- flour\\n- water\\n\\n## Day two\\n\\n\(paragraph)", \
            "metaDescription": "How to begin.", "tags": ["bread"], "imagePrompt": "a jar", "altText": "A jar of starter"}
            """
    }
}
