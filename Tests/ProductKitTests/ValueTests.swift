import Foundation
import Testing

@testable import ProductKit

@Suite struct `An instant` {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (1_795_219_200_001, "2026-11-21T00:00:00.001Z"),
        (1_795_219_200_999, "2026-11-21T00:00:00.999Z"),
    ])
    func `is written and read to the millisecond`(_ milliseconds: Int64, _ text: String) throws {
        let instant = Timestamp(milliseconds: milliseconds)
        #expect(instant.description == text)
        let json = try JSONEncoder().encode([instant])
        #expect(String(decoding: json, as: UTF8.self) == "[\"\(text)\"]")
        #expect(try JSONDecoder().decode([Timestamp].self, from: json) == [instant])
        #expect(Timestamp(stored: instant.stored + 0.2) == instant)
    }

    @Test func `is not read from anything else`() {
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([Timestamp].self, from: Data(#"["yesterday"]"#.utf8))
        }
    }
}

@Suite struct `The price of a model` {
    @Test func `is rounded up to a millionth of a dollar`() {
        let prices = ModelPrices(["small": .init(inputNanodollars: 150, outputNanodollars: 600)])
        #expect(prices.microdollars("small", inputTokens: 1_000, outputTokens: 500) == 450)
        #expect(prices.microdollars("small", inputTokens: 1, outputTokens: 0) == 1)
        #expect(prices.microdollars("other", inputTokens: 1_000, outputTokens: 500) == 0)
    }
}
