import Foundation

/// One page of a list, and the way to the next.
package struct Page<Item: Encodable & Sendable>: Encodable, Sendable {
    package var items: [Item]
    /// Nil on the last page.
    package var nextCursor: String?

    package init(items: [Item], nextCursor: String? = nil) {
        self.items = items
        self.nextCursor = nextCursor
    }

    package func map<Other>(_ transform: (Item) throws -> Other) rethrows -> Page<Other> {
        Page<Other>(items: try items.map(transform), nextCursor: nextCursor)
    }
}

/// What part of a list is asked for.
package struct PageRequest: Sendable {
    package var limit: Int
    package var cursor: String?

    /// - Parameter limit: 1…100.
    package init(limit: Int = 20, cursor: String? = nil) {
        self.limit = min(max(limit, 1), 100)
        self.cursor = cursor
    }
}

/// Where a page ends: the order's value and the id of its last item.
///
/// New items come before the first page or are seen on a later one, so that whatever was there when the first page was
/// read is seen exactly once.
struct Cursor: Codable, Equatable {
    /// The list that it belongs to: a cursor of one is refused by another.
    let list: String
    /// What the list is ordered by: milliseconds of creation, or `hot`.
    let value: Int64
    let id: String
    /// Milliseconds until the year 6000 and back; a database could not read a time much further away.
    private static let valueMax: UInt64 = 127_000_000_000_000

    init(_ list: String, _ value: Int64, _ id: some CustomStringConvertible) {
        self.list = list
        self.value = value
        self.id = id.description
    }

    /// - Throws: `cursor.invalid`.
    init?(_ request: PageRequest, of list: String) throws(ArenaError) {
        guard let text = request.cursor else { return nil }
        guard let bytes = Data(base64URL: text), bytes.count <= 512,
            // Whatever is wrong with it, it is not a cursor of ours.
            let cursor = try? JSONDecoder().decode(Self.self, from: bytes), cursor.list == list, cursor.id.count <= 64,
            cursor.value.magnitude <= Self.valueMax,
            cursor.id.unicodeScalars.allSatisfy({ $0.isASCII && $0.value >= 0x20 })
        else {
            throw ArenaError(
                .cursorInvalid, "The cursor is not one of this list.",
                hint: "Send the next_cursor of the page before, unchanged.")
        }
        self = cursor
    }

    var text: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            return try encoder.encode(self).base64URL
        }
    }
}

extension Page {
    /// Cuts one row more than was asked for to size; that row says whether there is another page.
    static func cut(
        _ rows: [Item], to request: PageRequest, _ cursor: (Item) -> Cursor
    ) throws -> Page {
        guard rows.count > request.limit else { return Page(items: rows) }
        let items = Array(rows.prefix(request.limit))
        guard let last = items.last else { return Page(items: items) }
        return Page(items: items, nextCursor: try cursor(last).text)
    }
}

extension Data {
    var base64URL: String {
        base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    init?(base64URL text: String) {
        guard text.utf8.count <= 2_048 else { return nil }
        let plain = text.replacing("-", with: "+").replacing("_", with: "/")
        self.init(base64Encoded: plain + String(repeating: "=", count: (4 - plain.utf8.count % 4) % 4))
    }
}
