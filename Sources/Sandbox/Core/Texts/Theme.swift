/// The material of one section: headings to choose from, paragraphs as sentences in order, and a list.
///
/// Any paragraph may be cut after any of its sentences, which is how an article gets its length.
struct Theme: Sendable {
    let headings: [String]
    let subheading: String
    let paragraphs: [[String]]
    let listLead: String
    let list: [String]
    var isOrdered = false
}

extension Theme {
    /// Every theme an article can draw on, in an order that reads well. Together they hold more than 3,000 words.
    static let all: [Theme] = foundations + practice + judgement + upkeep
}
