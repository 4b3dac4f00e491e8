@testable import Cards

extension BattleCard {
    static func make(
        topic: String = "Tea or coffee?", room: String = "Kitchen", pro: String = "Ada", con: String = "Bob",
        style: String = "dry", outcome: Outcome = .decided(.pro, verdict: "Ada had the better sources."),
        language: String = "en", address: String = "press.example/b/1"
    ) -> BattleCard {
        BattleCard(
            topic: topic, room: room, pro: Side(name: pro, style: style), con: Side(name: con, style: style),
            outcome: outcome, language: language, address: address)
    }
}
