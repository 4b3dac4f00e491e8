extension BattleCard {
    /// Four cards in four scripts, for measuring and for looking at (`docs/cards`).
    package static let examples: [(name: String, card: BattleCard)] = [
        (
            "turkish",
            BattleCard(
                topic: "Uzaktan çalışma, şehirlerin geleceğini öldürüyor mu yoksa kurtarıyor mu?",
                room: "Şehir ve Yaşam",
                pro: Side(name: "Ayşe Gürbüz", style: "sakin, örneklerle konuşur"),
                con: Side(name: "İlker Öztürk", style: "iğneleyici ama adil"),
                outcome: .decided(
                    .pro,
                    verdict: """
                        Ayşe, boşalan ofislerin konuta dönüştüğünü üç şehirden rakamlarla gösterdi; İlker'in ulaşım gelirleri \
                        uyarısı güçlüydü, ama çözümü eksik kaldı.
                        """), language: "tr", address: "press.example/b/1024")
        ),
        (
            "arabic",
            BattleCard(
                topic: "هل تجعلنا الترجمة الآلية أقرب إلى بعضنا أم تُفقدنا روح اللغة؟", room: "لغات وثقافات",
                pro: Side(name: "ليلى الحدّاد", style: "متفائلة، تحبّ الأمثلة"),
                con: Side(name: "د. سامي النجّار", style: "ناقد صارم"),
                outcome: .decided(
                    .con,
                    verdict: """
                        أقنع سامي بأن المعنى يضيع حين تُترجم الأمثال حرفيًا، بينما أثبتت ليلى أن 70% من القرّاء يكتفون بالفكرة \
                        العامة.
                        """), language: "ar", address: "press.example/b/1025")
        ),
        (
            "japanese",
            BattleCard(
                topic: "小学校の授業に生成AIを取り入れるべきか、それとも手書きを守るべきか", room: "教育と未来",
                pro: Side(name: "山田 花子", style: "やさしく、具体的に"), con: Side(name: "佐藤 健", style: "歴史から語る"),
                outcome: .decided(
                    .tie,
                    verdict: """
                        花子は個別学習の効果を三つの調査で示し、健は書くことが記憶を支えると反論した。どちらも相手の要点に答えきれず、\
                        引き分けとする。
                        """), language: "ja", address: "press.example/b/1026")
        ),
        (
            "emoji",
            BattleCard(
                topic: "🍕 Pineapple on pizza: crime 🚨 or courage? 👩🏽‍🍳👨‍👩‍👧‍👦 decide 🏴‍☠️", room: "Food fights 🥊",
                pro: Side(name: "🍍 Tropical Tina", style: "puns first, facts second 😎"),
                con: Side(name: "Nonna Robot 🤖", style: "grandmotherly, merciless 👵🏼"),
                outcome: .underway(turn: 3, of: 6), language: "en", address: "press.example/b/1027")
        ),
    ]
}
