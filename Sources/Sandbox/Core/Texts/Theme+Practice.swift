extension Theme {
    /// Routine, choosing, common mistakes, signs of progress.
    static let practice: [Theme] = [
        Theme(
            headings: ["A routine that lasts", "Making {s} part of the week", "The rhythm that works"],
            subheading: "A week on one page",
            paragraphs: [
                [
                    "Enthusiasm starts things; rhythm keeps them alive.",
                    "Tie {s} to something that already happens, such as [the Sunday coffee|the walk home on Thursday].",
                    "The habit you have will carry the habit you want.",
                ],
                [
                    "Keep each session short enough that you would do it on a bad day.",
                    "Ten minutes every Tuesday leave a deeper mark than three hours once a season.",
                    "If you miss a week, simply resume, without [paying back|doubling up].",
                    "Guilt is a poor teacher and an even poorer calendar.",
                ],
                [
                    "Vary one thing at a time.",
                    "A routine around {s} becomes dull when it never changes and useless when everything changes at once.",
                    "Pick a single variable for the month, leave the others alone, and the comparison will mean something.",
                ],
                [
                    "At the end of the month, spend a quarter of an hour looking back.",
                    "Read your notes from the first line to the last, underline what repeats, and cross out what turned out to "
                        + "be noise.",
                    "Two or three underlined lines are your [real|private] handbook for {k}.",
                ],
            ],
            listLead: "A week that most people can keep:",
            list: [
                "Monday: look, change nothing, note one detail.",
                "Wednesday: a short session on the part you chose.",
                "Friday: repair, clean or rearrange what got in the way.",
                "Sunday: enjoy the result, and decide about next week.",
            ]),
        Theme(
            headings: ["How to choose well", "Telling good from merely expensive", "Choosing without regret"],
            subheading: "Questions to ask before paying",
            paragraphs: [
                [
                    "Choice is where {s} can become [confusing|costly].",
                    "Shelves and search pages are arranged to make everything look necessary.",
                    "A short list of your own, written before you look, is the best protection.",
                ],
                [
                    "Judge by use, not by description.",
                    "Ask how often you will really need it, what it replaces, and what happens when it wears out.",
                    "Whatever survives those three questions is usually [plain|modest], well made and easy to repair.",
                    "Whatever fails them was a wish rather than a need.",
                ],
                [
                    "Price tells you something, but seldom what it claims to.",
                    "The cheapest option often costs twice, and the most expensive one mainly buys a feeling.",
                    "Somewhere in the middle there is a choice that people who work with {s} every day quietly recommend.",
                ],
                [
                    "Give yourself one night before deciding.",
                    "Most urgent offers come back, and most doubts become [clearer|smaller] after breakfast.",
                    "If you still want the same thing in the morning, you have probably chosen for the right reasons.",
                ],
            ],
            listLead: "Signs of a good choice:",
            list: [
                "It does one thing properly instead of seven things somehow.",
                "Its parts can be cleaned, replaced or repaired.",
                "Somebody you trust has used it for more than a year.",
                "The seller explains the limits without being asked.",
                "You can say in one sentence what it is for.",
            ]),
        Theme(
            headings: ["Mistakes nearly everyone makes", "Where things go wrong", "Common mistakes, kindly explained"],
            subheading: "And how to recover",
            paragraphs: [
                [
                    "Mistakes with {s} are remarkably [similar|predictable] from one person to the next.",
                    "That is good news, because it means somebody has already found the way out.",
                    "Read the list below once now and once again after your third attempt.",
                ],
                [
                    "The most frequent one is impatience.",
                    "We look for change every hour, disturb what was settling, and then blame the method.",
                    "Leave things alone a little longer than is comfortable.",
                    "Waiting is not the absence of work; here it is the work.",
                ],
                [
                    "The second is copying a stranger's setting.",
                    "Advice about {s} always comes from a particular room, budget and climate, and yours are different.",
                    "Take the principle, leave the numbers, and find your own by [small steps|trial].",
                ],
                [
                    "The third is giving up just before it becomes easy.",
                    "There is a flat stretch in learning where nothing seems to improve, and it lasts about as long as the "
                        + "enthusiasm does.",
                    "Knowing that the stretch exists is often enough to [walk through it|cross it].",
                ],
            ],
            listLead: "If you recognise yourself, here is the remedy:",
            list: [
                "Changed too much at once? Go back to the last version that worked.",
                "Lost count of what you did? Start a fresh page with today's date.",
                "Bought something that disappoints? Use it for practice, then pass it on.",
                "Compared yourself with an expert? Compare yourself with last month instead.",
                "Skipped the preparation? Do it now; it still counts.",
            ]),
        Theme(
            headings: ["How to tell that it is going well", "Signs of progress", "Reading the signals"],
            subheading: "What to look for",
            paragraphs: [
                [
                    "Progress with {s} rarely arrives with a [drum roll|fanfare].",
                    "More often you notice that a step which used to need thought now happens by itself.",
                    "That is the clearest signal there is.",
                ],
                [
                    "Use your senses before you use a number.",
                    "Look, listen, touch, and ask whether the result makes you want to continue.",
                    "Measurements are helpful when two impressions disagree, and [distracting|noisy] when they replace "
                        + "looking.",
                ],
                [
                    "Good results are also repeatable.",
                    "One lucky afternoon proves little, while three ordinary ones in a row prove a great deal.",
                    "When you can explain to {a} why it worked, you have understood it.",
                    "When you can explain why it once failed, you have understood it well.",
                ],
                [
                    "Ask for one honest opinion from outside.",
                    "Choose someone who knows a little about {s} and has no reason to flatter.",
                    "Then listen without defending yourself, write down two points, and thank them.",
                ],
            ],
            listLead: "Encouraging signs, in the order they tend to appear:",
            list: [
                "You spend less time looking for things.",
                "You catch a problem before it grows.",
                "The same effort gives a steadier result.",
                "Other people start asking you how it is done.",
            ]),
    ]
}
