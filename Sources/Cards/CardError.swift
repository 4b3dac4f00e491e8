/// Why there is no picture of a card.
package enum CardError: String, Error, Sendable {
    /// So many cards wait to be drawn that one more would wait too long; asking again in a second may succeed.
    case busy = "card.busy"
    /// Memory or fonts were not to be had.
    case notDrawn = "card.not_drawn"
}
