/// Sentences of which ``VoiceWriter`` puts its texts together; `{s}` is what they are about.
enum VoicePhrases {
    static let openings = [
        "I changed my mind about {s} on a Tuesday, for no good reason.",
        "Nobody warns you about {s} until it is too late.",
        "The best argument for {s} is that the others have been tried.",
        "My neighbour keeps a list about {s}, on paper.",
        "There are two kinds of people when it comes to {s}, and both are tired.",
        "Somebody has to say it: {s} was better when it was worse.", "I used to think that {s} would sort itself out.",
        "Every conversation about {s} ends at the same corner.", "Half of {s} is patience; the other half is lunch.",
        "You can tell a lot about a person from how they talk about {s}.",
    ]

    static let middles = [
        "The small version of it works; the large one only promises to.",
        "What counts is what is left when the novelty is gone.",
        "It costs an hour a week and saves about a decade.", "The details are where the pleasure is, and the bill.",
        "Most of it is habit, and habits can be lent but not given.",
        "We measure what is easy and then wonder at the result.",
        "An old hand once told me to do less of it, twice as often.",
        "It survives because the alternative needs a meeting.",
        "The trick is to stop one step before it gets impressive.",
        "If it cannot be explained at a bus stop, it is not finished.",
        "It looks like luck from outside, and like laundry from within.",
        "There is a quiet way of doing it, and it photographs badly.",
    ]

    static let questions = [
        "What would you keep of {s}, if you could keep one thing?",
        "Who here has tried the opposite, and for how long?",
        "When did {s} last surprise you?", "Is there a version of {s} that you would defend in public?",
        "What did you believe about {s} five years ago?", "Which rule about {s} do you break without guilt?",
        "Where would you begin, if nobody had done it before?", "What is the least you would settle for?",
    ]

    static let answers = [
        "Agreed about {s}, up to the point where it meets a deadline.",
        "I would turn {s} around and look at who pays for it.",
        "That is {s} as it is advertised; mine came without the handle.", "Half yes: {s} holds on weekdays.",
        "The word {s} is doing a lot of lifting in that sentence.",
        "I have seen {s} go the other way, in a smaller room.",
        "You leave out the part of {s} that happens at night.", "A fair point on {s}, and it cuts both ways.",
        "I would say the same of {s}, with less confidence.",
        "Somebody tried that with {s}; the chairs are still there.",
    ]

    static let inFavour = [
        "Start with {s} as people live it, not as it is sold.", "The case for {s} does not need everybody to be right.",
        "What speaks for {s} is how little of it is missed when it works.",
        "Look at {s} where nobody is paid to praise it.",
        "Grant every objection, and {s} still does what was asked of it.",
        "The other side has described {s} on its worst day.",
        "Without {s} the same work is done later, by fewer, in worse light.",
        "The burden lies with those who would abolish {s}.",
        "Nothing said so far touches the reason why {s} came about.",
        "In the end {s} wins by being there in the morning.",
    ]

    static let against = [
        "That is a description of {s}, not a defence of it.",
        "Take away the habit, and what remains of {s} fits into a drawer.",
        "The figures for {s} leave out whoever gave up.", "If {s} were new, nobody would buy it at this price.",
        "My opponent praises {s} for what the weather did.", "Everything good about {s} was borrowed, and is overdue.",
        "A thing can be popular, like {s}, and still be in the way.",
        "Ask who cleans up after {s}, and the room goes quiet.",
        "The strongest point for {s} is that it is already here; so is the damp.",
        "One more year of {s} is an expensive way to be polite.",
    ]

    static let evidence = [
        "In 3 of 4 kitchens that I have seen it was the first thing to be moved.",
        "A town of 9,000 tried it for 2 winters and kept the half that worked.",
        "It took 40 minutes the first time and 12 the tenth.",
        "Of 20 people who were asked, 13 could not say when it began.",
        "The repair was 18 in parts and 200 in apologies.",
        "Over 6 months the complaints fell by a third, and so did the visits.",
        "One page of rules became 11, and the answers did not change.",
        "The oldest example is from 1908, and it still squeaks.",
        "Two schools did the opposite in the same year and met in the middle.",
        "The receipt says 7, the memory says 70.",
    ]
}
