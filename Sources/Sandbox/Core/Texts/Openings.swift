/// First and last paragraphs of an article.
enum Openings {
    static let warm: [[String]] = [
        [
            "There is a particular pleasure in getting better at something small.",
            "Working with {s} offers exactly that, and asks for less than most people fear.",
            "This guide is written for {a}, in the order in which the questions usually come up.",
        ],
        [
            "Perhaps you have been curious about {s} for a while, or perhaps someone mentioned it over dinner last week.",
            "Either way, welcome: you have come at a good moment.",
            "What follows is a friendly tour for {a}, with the useful parts first.",
        ],
    ]

    static let plain: [[String]] = [
        [
            "This article explains {s} from the beginning and without detours.",
            "It is meant for {a} who want to make sensible decisions and get on with their day.",
            "Each section stands alone, so read what you need and leave the rest.",
        ],
        [
            "Good information about {s} exists, but it is scattered and often contradicts itself.",
            "Here the essentials are brought together for {a}, with practical steps and honest limits.",
            "Where opinions differ, the reasons are given.",
        ],
    ]

    static let playful: [[String]] = [
        [
            "Let us be honest: nobody wakes up at three in the morning thinking about {s}.",
            "And yet here we are, and by the last paragraph you may well want to get up and try something.",
            "Consider this a small adventure for {a}, snacks recommended.",
        ],
        [
            "If {s} had a fan club, this would be the handbook they hand out at the door.",
            "No secret handshake is needed, only a little curiosity and a free evening.",
            "It was put together with {a} in mind.",
        ],
    ]

    static let second: [[String]] = [
        [
            "Nothing here needs special talent, and most of it can be tried this week.",
            "If one section speaks to you more than the others, begin there.",
        ],
        [
            "Keep a pencil within reach while you read.",
            "The ideas about {k} that make you nod are worth a line, and the ones that make you frown are worth two.",
        ],
    ]

    static let closings: [[String]] = [
        [
            "In the end, success with {s} comes down to attention, a little patience and the willingness to begin again.",
            "Choose one idea from this page and try it before the week is over.",
            "The rest will still be here when you come back with better questions.",
        ],
        [
            "So much for the theory; the enjoyable part starts now.",
            "Take the smallest step that appeals to you, write down what happens, and let the next one follow.",
            "A year from now your own notes about {s} will be worth more than any article.",
        ],
        [
            "You now know enough about {s} to begin and enough to tell when something is off.",
            "That is all anyone ever starts with.",
            "May your first attempt be quick, your second be better and your third be a pleasure.",
        ],
    ]

    static let closingHeadings = ["Where to go from here", "To finish", "A last thought", "The next small step"]

    /// Openings that suit a tone; an unknown tone gets the warm or the plain ones.
    static func suiting(_ tone: String?) -> [[String]] {
        let tone = tone ?? ""
        if ["play", "fun", "humor", "humour", "witty", "cheek"].contains(where: tone.contains) { return playful }
        if ["profession", "formal", "neutral", "expert", "serious", "technical"].contains(where: tone.contains) {
            return plain
        }
        if ["friend", "warm", "casual", "conversation"].contains(where: tone.contains) { return warm }
        return warm + plain
    }
}
