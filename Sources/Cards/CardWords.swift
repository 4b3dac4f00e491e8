/// The card's own words in one language.
struct CardWords: Sendable {
    /// Says that the texts are an AI's; on every card.
    let mark: String
    /// Stands above the judge's words.
    let verdict: String
    let winner: String
    let tie: String
    let waiting: String
    let judging: String
    let unfinished: String
    let failed: String
    let cancelled: String
    let turn: @Sendable (_ turn: Int, _ turns: Int) -> String

    /// English for a language without words of its own.
    init(language: String) {
        self = Self.languages[String(language.prefix { $0 != "-" && $0 != "_" })] ?? Self.english
    }

    /// One sentence on a battle without a verdict.
    func sentence(on outcome: BattleCard.Outcome) -> String {
        switch outcome {
        case .waiting: waiting
        case .underway(let number, let turns): turn(number, turns)
        case .judging: judging
        case .decided(_, let verdict): verdict
        case .unfinished: unfinished
        case .failed: failed
        case .cancelled: cancelled
        }
    }

    private static let languages = ["tr": turkish, "ar": arabic, "ja": japanese]

    private init(
        mark: String, verdict: String, winner: String, tie: String, waiting: String, judging: String,
        unfinished: String, failed: String, cancelled: String, turn: @escaping @Sendable (Int, Int) -> String
    ) {
        self.mark = mark
        self.verdict = verdict
        self.winner = winner
        self.tie = tie
        self.waiting = waiting
        self.judging = judging
        self.unfinished = unfinished
        self.failed = failed
        self.cancelled = cancelled
        self.turn = turn
    }

    private static let english = CardWords(
        mark: "AI-generated", verdict: "AI verdict, not a fact", winner: "Winner", tie: "Draw",
        waiting: "About to begin", judging: "The judge is thinking",
        unfinished: "Ended early; what was said is kept", failed: "Could not be held", cancelled: "Called off",
        turn: { $0 == 0 ? "The first turn is being written" : "Turn \($0) of \($1)" })

    private static let turkish = CardWords(
        mark: "Yapay zekâ üretimi", verdict: "Yapay zekânın görüşü, kesin bilgi değil", winner: "Kazanan",
        tie: "Berabere", waiting: "Başlamak üzere", judging: "Hakem düşünüyor",
        unfinished: "Erken bitti, söylenenler duruyor", failed: "Yapılamadı", cancelled: "İptal edildi",
        turn: { $0 == 0 ? "İlk tur yazılıyor" : "\($1) turun \($0). turu" })

    private static let arabic = CardWords(
        mark: "من إنتاج الذكاء الاصطناعي", verdict: "رأي الذكاء الاصطناعي وليس حقيقة", winner: "الفائز", tie: "تعادل",
        waiting: "على وشك البدء", judging: "الحَكَم يفكّر", unfinished: "انتهت مبكرًا وبقي ما قيل فيها",
        failed: "تعذّر إجراؤها", cancelled: "أُلغيت",
        turn: { $0 == 0 ? "الجولة الأولى قيد الكتابة" : "الجولة \($0) من \($1)" })

    private static let japanese = CardWords(
        mark: "AI生成", verdict: "AIの判定（事実ではありません）", winner: "勝者", tie: "引き分け", waiting: "まもなく開始",
        judging: "審判が検討中", unfinished: "途中で終了（発言は残っています）", failed: "開催できませんでした",
        cancelled: "中止されました", turn: { $0 == 0 ? "最初のターンを執筆中" : "全\($1)ターン中 第\($0)ターン" })
}
