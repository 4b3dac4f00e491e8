extension BattleCard {
    /// The strong entity tag of the card's picture, quotes included.
    ///
    /// It is made from what the card says, so that a request with `If-None-Match` is answered without drawing anything.
    package var etag: String {
        var digest = ContentDigest()
        digest.add(CardRenderer.designVersion)
        for text in [topic, room, pro.name, pro.style, con.name, con.style, language, address] { digest.add(text) }
        digest.add(outcome)
        return "\"\(digest.hexadecimal)\""
    }
}

/// FNV-1a of 128 bits: versions of one card must differ, nobody has to be kept from finding two that do not.
private struct ContentDigest {
    private var state: UInt128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d

    var hexadecimal: String {
        let digits = String(state, radix: 16)
        return String(repeating: "0", count: 32 - digits.count) + digits
    }

    /// The length goes first, or two texts could share their characters differently.
    mutating func add(_ text: String) {
        add(text.utf8.count)
        add(text.utf8)
    }

    mutating func add(_ number: Int) {
        add((0..<8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) })
    }

    mutating func add(_ outcome: BattleCard.Outcome) {
        switch outcome {
        case .waiting: add("waiting")
        case .underway(let turn, let turns):
            add("underway")
            add(turn)
            add(turns)
        case .judging: add("judging")
        case .decided(let winner, let verdict):
            add("decided")
            add("\(winner)")
            add(verdict)
        case .unfinished: add("unfinished")
        case .failed: add("failed")
        case .cancelled: add("cancelled")
        }
    }

    private mutating func add(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { state = (state ^ UInt128(byte)) &* 0x0000_0000_0100_0000_0000_0000_0000_013B }
    }
}
