extension Theme {
    /// Care, seasons, help, going further.
    static let upkeep: [Theme] = [
        Theme(
            headings: ["Care and upkeep", "Keeping it in good shape", "Looking after what you have"],
            subheading: "A ten-minute check",
            paragraphs: [
                [
                    "Whatever we stop looking at begins to decline, and {s} can hardly be an exception.",
                    "Fortunately upkeep needs [minutes|moments] rather than hours.",
                    "The trick is to do it before there is anything to see.",
                ],
                [
                    "Put the check next to the thing itself.",
                    "A card on the wall or a line on the lid will be read; a file on a computer will not.",
                    "Sign it with the date each time, and the card becomes a [small history|diary].",
                    "Patterns appear in it that no memory would have kept.",
                ],
                [
                    "Clean gently, store dry, and repair early.",
                    "These three instructions are old because they keep being true.",
                    "Applied to {s}, they mean that a little less force and a little more regularity will nearly always win.",
                ],
                [
                    "When a part does wear out, be glad that it lasted.",
                    "Replace it, note how long it served, and plan for the next time.",
                    "Over the years that note becomes the most [valuable|reliable] buying guide to {k} that you own.",
                ],
            ],
            listLead: "Once a month, check that:",
            list: [
                "nothing is loose, damp, stale or out of date;",
                "everything you need can be reached without moving something else;",
                "the notes from last month have led to at least one change;",
                "whatever you no longer use has found a new owner.",
            ]),
        Theme(
            headings: ["Through the seasons", "What changes during the year", "{S} in every season"],
            subheading: "Planning twelve months ahead",
            paragraphs: [
                [
                    "Light, temperature and mood change through the year, and our habits around {s} change with them.",
                    "Spring invites [experiments|new plans], while autumn rewards those who finish things.",
                    "Going along with that is easier than working against it.",
                ],
                [
                    "Summer is for doing, preferably outdoors or with a window open.",
                    "Keep the sessions short and the expectations low, and use the long evenings for company.",
                    "Notes taken in July are short, but they smell of the right things.",
                ],
                [
                    "Winter is for looking after details.",
                    "Sort, mend, read, and plan the year around {s} with a pencil rather than a pen.",
                    "A dark afternoon spent on [preparation|small repairs] is repaid in the first warm week.",
                    "It also makes a very good excuse for a pot of tea.",
                ],
                [
                    "Holidays and busy months will interrupt every plan.",
                    "Decide beforehand what the smallest acceptable version looks like, and count it as a full success.",
                    "Continuity, even in miniature, is what keeps {k} alive from one year to the next.",
                ],
            ],
            listLead: "One focus for each quarter:",
            list: [
                "January to March: learn one new technique from the ground up.",
                "April to June: use it in public, however imperfectly.",
                "July to September: simplify, and share what you make.",
                "October to December: review, repair and give something away.",
            ]),
        Theme(
            headings: ["When to ask for help", "Learning from others", "Good company"],
            subheading: "How to ask a useful question",
            paragraphs: [
                [
                    "Doing everything alone is [slow|lonely] and, with {s}, quite unnecessary.",
                    "People who know the subject tend to be generous with what they know.",
                    "They were beginners too, and they remember who helped them.",
                ],
                [
                    "A good question contains what you tried, what you expected and what happened instead.",
                    "Add a photograph if there is something to see, and say what you have already ruled out.",
                    "Such a question is a pleasure to answer, and the answer usually comes [quickly|the same day].",
                ],
                [
                    "Beware of advice that arrives without questions.",
                    "Anyone who can solve a problem with {s} before hearing about it is describing their own.",
                    "Thank them, and look for the person who first asks to see what you have.",
                    "That person will save you a season.",
                ],
                [
                    "Then pass it on.",
                    "Explaining {k} to {a} is the quickest way to find the gaps in what you know.",
                    "It is also how this kind of knowledge has [survived|travelled] for as long as anyone can remember.",
                ],
            ],
            listLead: "Good places to look:",
            list: [
                "a local group that meets in the same room every month;",
                "a specialist shop on a quiet weekday morning;",
                "a library shelf that has not been fashionable for twenty years;",
                "one careful writer whose mistakes are printed beside the successes.",
            ]),
        Theme(
            headings: ["Going a step further", "Once the basics are second nature", "From competent to confident"],
            subheading: "Projects worth trying",
            paragraphs: [
                [
                    "There comes a day when the basics of {s} no longer need your full attention.",
                    "That is the moment to choose a [direction|project], before comfort turns into boredom.",
                    "Pick something slightly too difficult and slightly too interesting.",
                ],
                [
                    "Depth comes from limits.",
                    "Decide to work for a month with one material, one method or one hour of the day.",
                    "What looks like a restriction soon becomes a lens, and {s} will show sides that variety had hidden.",
                ],
                [
                    "Study one excellent example closely.",
                    "Take it apart in your mind, guess why each choice was made, and rebuild it [from memory|in your own way].",
                    "You will get some of it wrong, and those differences are the beginning of a style.",
                    "Keep the pages on which you did this.",
                ],
                [
                    "Finally, make something for someone else.",
                    "Working for a particular person sharpens every decision and forgives every flaw that does not matter "
                        + "to them.",
                    "Few things connect {k} with daily life as directly as a [gift|small present].",
                ],
            ],
            listLead: "Ideas for the coming months:",
            list: [
                "Repeat your very first attempt and put the two side by side.",
                "Teach the whole thing in fifteen minutes to someone patient.",
                "Write down the five rules you follow without thinking, then break one.",
                "Visit a place where this is done every day, and only watch.",
                "Finish something that you once abandoned.",
            ]),
    ]
}
