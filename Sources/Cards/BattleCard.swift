/// What a battle's share card shows: a value, so that equal cards are equal pictures.
///
/// Texts are data. They are bounded and made one line each when the card is made (``CardText``), and nothing in them is
/// read as markup.
package struct BattleCard: Sendable, Hashable {
    package let topic: String
    /// The room's name; empty shows none.
    package let room: String
    package let pro: Side
    package let con: Side
    package let outcome: Outcome
    /// The battle's language as a BCP 47 tag: it chooses the card's own words and, where scripts share characters, whose
    /// shapes they have. What is not known counts as English.
    package let language: String
    /// Where the battle can be read, such as `press.example/b/12`; empty shows none.
    package let address: String

    package init(
        topic: String, room: String = "", pro: Side, con: Side, outcome: Outcome, language: String = "en",
        address: String = ""
    ) {
        self.topic = CardText.line(topic, scalarsMax: 400)
        self.room = CardText.line(room, scalarsMax: 80)
        self.pro = pro
        self.con = con
        self.outcome = outcome.bounded
        self.language = String(language.lowercased().unicodeScalars.prefix(16))
        self.address = CardText.line(address, scalarsMax: 120)
    }

    /// One of the two who argue.
    package struct Side: Sendable, Hashable {
        package let name: String
        /// How they argue, in a few words; empty shows none.
        package let style: String

        package init(name: String, style: String = "") {
            self.name = CardText.line(name, scalarsMax: 120)
            self.style = CardText.line(style, scalarsMax: 160)
        }
    }

    /// How far the battle has come.
    package enum Outcome: Sendable, Hashable {
        case waiting
        /// - Parameter turn: from 1; 0 before the first has ended.
        case underway(turn: Int, of: Int)
        case judging
        /// - Parameter verdict: the judge's words.
        case decided(Winner, verdict: String)
        /// Ended early; what there is of it is kept.
        case unfinished
        case failed
        case cancelled

        fileprivate var bounded: Outcome {
            switch self {
            case .decided(let winner, let verdict):
                .decided(winner, verdict: CardText.line(verdict, scalarsMax: 800))
            case .underway(let turn, let turns):
                .underway(turn: min(max(0, turn), Self.turnsMax), of: min(max(1, turns), Self.turnsMax))
            default: self
            }
        }

        /// More than a template may ask for.
        private static let turnsMax = 40
    }

    package enum Winner: Sendable, Hashable {
        case pro, con, tie
        /// The judge names nobody.
        case none
    }
}
