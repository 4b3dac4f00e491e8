extension Theme {
    /// What it is, why it matters, what to have ready, how to begin.
    static let foundations: [Theme] = [
        Theme(
            headings: ["What {s} really means", "The idea behind {s}", "{S} in plain words"],
            subheading: "A working definition",
            paragraphs: [
                [
                    "Ask ten people about {s} and you will hear [ten|at least six] different answers.",
                    "Most of them are partly right, which is what makes the subject [interesting|slippery].",
                    "Underneath the opinions lies a small set of ideas that [hardly ever change|stay the same everywhere].",
                    "Once those are clear, the rest is a matter of taste and habit.",
                ],
                [
                    "A good definition is one you can use on an ordinary morning.",
                    "So think of {s} as a [practice|craft] with three parts: what you start from, what you do, and what you "
                        + "look for at the end.",
                    "Each part can be simple, and simple parts are easy to repair.",
                    "When something feels wrong, you only have to ask which of the three has slipped.",
                ],
                [
                    "It also helps to say what this is not.",
                    "It is not a test, a race or a [collection of secrets|club with a password].",
                    "Nobody was born knowing about {s}, and the people who look effortless today have a drawer full of early "
                        + "mistakes.",
                ],
                [
                    "The vocabulary can put newcomers off, so translate it as you go.",
                    "Whenever you meet a technical word, write its everyday meaning [beside it|in the margin].",
                    "After a week or two the list stops growing, and you notice that {k} can be explained over a cup of tea.",
                ],
            ],
            listLead: "Three questions make the idea concrete:",
            list: [
                "What do you have at the moment, before anything is changed?",
                "What would a good result look like to you, in one sentence?",
                "Which single step stands between the two?",
                "Who has solved this before, and what did they leave out?",
            ]),
        Theme(
            headings: ["Why it matters more than it seems", "Why {s} deserves your attention", "The case for {s}"],
            subheading: "Small effort, long effect",
            paragraphs: [
                [
                    "Some subjects announce their importance; others, such as {s}, prefer to whisper.",
                    "The effect shows up [weeks later|slowly], in time saved, in fewer annoyances, in a result you are happy to "
                        + "share.",
                    "That delay is exactly why so many people underrate it.",
                ],
                [
                    "For {a}, the benefit is mostly practical.",
                    "A little care at the start removes a surprising number of decisions later.",
                    "You stop reacting and begin to [plan|choose], and the whole thing feels lighter.",
                    "Money tends to follow the same path, because planned work wastes less.",
                ],
                [
                    "There is a quieter reason as well.",
                    "Doing one thing properly, with your own hands and judgement, is deeply satisfying.",
                    "In a week full of half-finished messages, an hour with {s} can be the part that [feels whole|you remember].",
                ],
                [
                    "Finally, good habits travel.",
                    "Patience learned here turns up in places that have nothing to do with {k}.",
                    "People around you notice, ask, and sooner or later [join in|begin something of their own].",
                ],
            ],
            listLead: "What people say they gained, most often first:",
            list: [
                "Calm: fewer surprises and fewer last-minute rescues.",
                "Time: the second attempt takes half as long as the first.",
                "Quality: details that strangers notice without being told.",
                "Confidence: the sense that a problem can be taken apart.",
                "Company: a reason to talk with people who care about the same thing.",
            ]),
        Theme(
            headings: ["Before you begin", "What to have ready", "Setting yourself up"],
            subheading: "The short shopping list",
            paragraphs: [
                [
                    "Preparation for {s} is less about equipment than about [room|attention].",
                    "Clear a surface, switch off one screen, and decide how long you are willing to spend.",
                    "A modest plan that fits your day will beat a grand one that does not.",
                ],
                [
                    "Start with what you already own.",
                    "Most first attempts fail because of too many new things at once, not because of missing tools.",
                    "Borrow before you buy, and buy [once|later] rather than twice.",
                    "After a month you will know precisely which upgrade earns its place.",
                ],
                [
                    "Set a starting point that you can describe.",
                    "Take a photograph, note a number, or write three honest sentences about how things stand with {s} today.",
                    "Progress is hard to see from the inside, and this small record will [encourage|surprise] you later.",
                ],
                [
                    "Tell somebody what you are about to do.",
                    "A friend who asks how things are going with {s} next Friday is worth more than any reminder on a telephone.",
                    "If nobody near you is interested, a short note to your future self works almost as well.",
                ],
            ],
            listLead: "A sensible minimum:",
            list: [
                "Half an hour without interruptions, twice a week.",
                "A notebook or a plain text file for what you observe.",
                "One trusted source of advice, instead of twelve.",
                "A place where unfinished work can stay as it is.",
                "Permission to do the first round badly.",
            ]),
        Theme(
            headings: ["A first session, step by step", "How to begin today", "Your first hour with {s}"],
            subheading: "The steps",
            paragraphs: [
                [
                    "Begin smaller than feels natural.",
                    "The aim of a first session with {s} is not a result but a [complete round|full circle], from start to finish.",
                    "A tiny round that ends teaches more than a large one that is abandoned.",
                ],
                [
                    "Work slowly enough to notice what changes.",
                    "When a step surprises you, stop and write one line about it before going on.",
                    "These lines are the beginning of your own manual, and no book about {s} can replace it.",
                    "Even a clumsy sketch will do, as long as it was made at the moment.",
                ],
                [
                    "Then end on purpose.",
                    "Tidy up, look at what you have, and name one thing to keep and one thing to [change|try differently].",
                    "Leave the place so that the next session can start within a minute.",
                ],
                [
                    "Expect the second session to feel harder than the first.",
                    "You now see more, including what is wrong, and that is [progress|a good sign] in disguise.",
                    "By the fourth or fifth time the movements settle, and your attention is free for the interesting parts.",
                ],
            ],
            listLead: "One round looks like this:",
            list: [
                "Look at what you have and choose one part to work on.",
                "Decide what would count as done, and say it aloud.",
                "Do the work without switching to anything else.",
                "Pause, then compare the result with what you said.",
                "Write down one observation and the date.",
                "Put everything back where the next round will find it.",
            ], isOrdered: true),
    ]
}
