/// A way to look at a subject, from which an idea for an article is made.
struct IdeaAngle: Sendable {
    let titles: [String]
    let why: String
    let audience: String
    let format: String
    /// Added to the subject, each makes a phrase people search for.
    let searches: [String]

    static let all: [IdeaAngle] = [
        IdeaAngle(
            titles: ["{S}: a calm guide for beginners", "Starting with {s}: the first seven days"],
            why: "Newcomers search for a beginning they can trust, and few pages give them one without jargon.",
            audience: "complete beginners", format: "step-by-step guide",
            searches: ["for beginners", "first steps", "guide"]),
        IdeaAngle(
            titles: ["Seven mistakes people make with {s}, and how to avoid them", "What usually goes wrong with {s}"],
            why: "Readers recognise themselves in mistakes, stay to the end, and share what made them smile.",
            audience: "people who have tried once and were disappointed", format: "list",
            searches: ["mistakes", "problems", "what to avoid"]),
        IdeaAngle(
            titles: ["A ten-minute weekly routine for {s}", "Making {s} part of an ordinary week"],
            why: "A routine answers the question that follows every good intention: when exactly?",
            audience: "busy households", format: "checklist", searches: ["routine", "checklist", "weekly plan"]),
        IdeaAngle(
            titles: ["{S} on a small budget: where to spend and where to save", "What {s} really costs in a year"],
            why: "Money is the doubt people seldom voice; an honest answer earns trust before a purchase.",
            audience: "careful buyers", format: "comparison", searches: ["cost", "budget", "worth it"]),
        IdeaAngle(
            titles: ["{S} myths, checked one by one", "Five things everybody believes about {s}"],
            why: "Contradicting a common belief with reasons gets read, quoted and linked.",
            audience: "curious readers who like to know why", format: "myth check",
            searches: ["myths", "true or false", "facts"]),
        IdeaAngle(
            titles: ["How to choose well: a buyer's checklist for {s}", "Before you buy: nine questions about {s}"],
            why: "It meets readers at the moment of decision and helps them without pushing.",
            audience: "first-time buyers", format: "buyer's guide", searches: ["how to choose", "buying guide", "best"]),
        IdeaAngle(
            titles: ["{S} through the seasons: what to change and when", "A year with {s}, month by month"],
            why: "Seasonal advice brings the same readers back four times a year.",
            audience: "regular readers", format: "calendar", searches: ["in winter", "in summer", "season"]),
        IdeaAngle(
            titles: ["Ten questions about {s}, answered plainly", "Ask us anything: {s}"],
            why: "Short questions and answers are easy to find, easy to quote and easy to extend.",
            audience: "people in a hurry", format: "questions and answers", searches: ["questions", "faq", "explained"]),
        IdeaAngle(
            titles: ["Behind the scenes: how we think about {s}", "What working with {s} has taught us"],
            why: "A personal view shows who stands behind the site, which no competitor can copy.",
            audience: "customers who like to know the people", format: "story",
            searches: ["behind the scenes", "story", "experience"]),
        IdeaAngle(
            titles: [
                "{S} troubleshooting: signs, causes and simple fixes", "Is something off? Reading the signs of {s}",
            ],
            why: "Someone with a problem reads every word, and remembers who solved it.",
            audience: "people with a problem today", format: "troubleshooting table",
            searches: ["troubleshooting", "fix", "not working"]),
        IdeaAngle(
            titles: ["From first try to habit: thirty days with {s}", "A month of {s}: small steps that add up"],
            why: "A month-long plan invites readers to take part, and to come back and report.",
            audience: "people who enjoy a challenge", format: "thirty-day plan",
            searches: ["30 days", "challenge", "habit"]),
    ]
}
