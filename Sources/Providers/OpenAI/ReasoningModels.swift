/// Models that think before they answer. They take no temperature, and their thoughts count as output.
enum ReasoningModels {
    private static let families = ["o1", "o3", "o4", "gpt-5", "gpt-6"]

    /// - Parameter model: as it is asked for; a vendor before a slash, as routers write it, does not count.
    static func contains(_ model: String) -> Bool {
        let name = model.split(separator: "/").last.map(String.init) ?? model
        return families.contains { family in
            guard name.hasPrefix(family) else { return false }
            let next = name.dropFirst(family.count).first
            return next == nil || next == "-" || next == "."
        }
    }
}
