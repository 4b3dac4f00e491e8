extension Theme {
    /// Cost, myths, a story, questions.
    static let judgement: [Theme] = [
        Theme(
            headings: ["What it costs, honestly", "Time, money and effort", "A fair look at the cost"],
            subheading: "Where to save and where not to",
            paragraphs: [
                [
                    "Every guide to {s} should mention the price, and few do.",
                    "Count [hours|evenings] as well as money, because hours are what most of us run out of first.",
                    "An honest estimate at the beginning prevents a grudge at the end.",
                ],
                [
                    "The first weeks are the most expensive in every sense.",
                    "You are paying for mistakes, for comparisons, and for things that looked useful in the shop.",
                    "After that the curve drops, and keeping going costs surprisingly little.",
                ],
                [
                    "Save on whatever is easy to change later.",
                    "Spend on whatever touches the result directly, or your [health|hands|nerves].",
                    "This one rule settles nine out of ten questions about {k}.",
                    "The tenth is usually a question of taste, and taste may cost what it likes.",
                ],
                [
                    "Remember the cost of doing nothing, too.",
                    "Postponed care has a way of returning as a repair, with a bill attached.",
                    "Seen over a year, steady attention to {s} is often the [cheapest|most economical] plan of all.",
                ],
            ],
            listLead: "A simple way to plan the budget:",
            list: [
                "One third for what you need at once.",
                "One third for what experience will tell you to buy.",
                "One third kept back for repairs and good surprises.",
            ]),
        Theme(
            headings: ["Myths worth forgetting", "What people get wrong about {s}", "Three beliefs, checked"],
            subheading: "Checking a claim yourself",
            paragraphs: [
                [
                    "Wherever people care, [legends|stories] grow, and the world of {s} has its share.",
                    "Some are charming, some are harmless, and a few cost real money.",
                    "None of them survives a calm afternoon of looking.",
                ],
                [
                    "The first legend says that you need talent.",
                    "What you need is feedback: a way of seeing the effect of what you just did.",
                    "With good feedback almost anyone improves, and without it even the gifted [drift|guess].",
                ],
                [
                    "The second says that there is one correct method.",
                    "Visit three people who are excellent with {s} and you will see three methods, each fitted to its owner.",
                    "What they share is attention, not technique.",
                    "Copy that first and let the technique follow.",
                ],
                [
                    "The third says that new is better.",
                    "Newer ways deserve a fair trial, and older ones deserve it just as much.",
                    "Keep whichever makes {k} easier in your own hands, and feel free to [ignore|forget] the rest.",
                ],
            ],
            listLead: "Before believing a claim, ask:",
            list: [
                "Who says so, and what do they sell?",
                "Compared with what, and for how long?",
                "Would I notice the difference without being told?",
                "What would I see if it were not true?",
            ]),
        Theme(
            headings: ["A story from practice", "How it looks in real life", "An ordinary example"],
            subheading: "What we can learn from it",
            paragraphs: [
                [
                    "Picture a [kitchen table|small workshop|quiet office] on a rainy evening.",
                    "Someone has read about {s} for weeks and finally decides to try.",
                    "The first result is crooked, a little funny, and entirely their own.",
                ],
                [
                    "Two weeks later the table looks different.",
                    "There is a page of notes, one tool instead of five, and a second attempt that stands up straight.",
                    "Nothing spectacular has happened, except that looking has replaced hoping.",
                    "Visitors begin to ask questions.",
                ],
                [
                    "By the third month, time with {s} has become part of the house.",
                    "The beginner now gives advice, mostly about [waiting|notes], and smiles at the crooked first piece on "
                        + "the shelf.",
                    "It stays there as a reminder of how short the distance really was.",
                ],
                [
                    "The example is invented, but the pattern is not.",
                    "Interest, a clumsy start, a small system, and then ease: nearly everyone who stays with {k} takes the "
                        + "same road.",
                    "The only real fork is the evening on which one decides to begin.",
                ],
            ],
            listLead: "Three things made the difference:",
            list: [
                "Starting before everything was perfect.",
                "Writing things down while they were fresh.",
                "Keeping what worked instead of chasing what shone.",
            ]),
        Theme(
            headings: ["Questions readers ask", "Quick answers about {s}", "Asked again and again"],
            subheading: "One more for the road",
            paragraphs: [
                [
                    "How long does it take to feel at home with {s}?",
                    "For most people about [six weeks|two months] of short, regular sessions.",
                    "Intensity matters far less than returning before the memory fades.",
                ],
                [
                    "Is it possible to start without spending anything?",
                    "Yes, and it is usually wise, because your first opinions will change.",
                    "Let the second month decide what deserves [money|a place on the shelf].",
                ],
                [
                    "What if the result is disappointing?",
                    "Change one thing, repeat, and compare the two side by side in daylight.",
                    "Disappointment with {s} is normally a missing detail and hardly ever a missing gift.",
                    "A second pair of eyes will find it faster than a second purchase.",
                ],
                [
                    "Can children or complete beginners take part?",
                    "They can, and they ask the best questions, because nothing seems obvious to them yet.",
                    "Give them a real task about {k} rather than a [toy one|pretend one], and stay nearby.",
                ],
            ],
            listLead: "And in one line each:",
            list: [
                "Every day? Only if it stays a pleasure.",
                "Alone or together? Alone to learn, together to continue.",
                "Books or practice? Practice first, then the book will make sense.",
                "When to stop? When the next change would be for its own sake.",
            ]),
    ]
}
