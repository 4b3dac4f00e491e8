import CLibPQ
import Database

/// A statement's parameters as libpq takes them: text, and binary for blobs.
struct Parameters {
    let types: [Oid]
    private var bytes: [UInt8] = []
    /// Where each value starts in `bytes`; nil is null.
    private var offsets: [Int?] = []
    private var lengths: [Int32] = []
    private var formats: [Int32] = []

    init(_ values: [SQLValue]) {
        types = values.map { Self.oid($0.type) }
        offsets.reserveCapacity(values.count)
        for value in values { append(value) }
    }

    var count: Int32 { Int32(types.count) }
    var byteCount: Int { bytes.count }

    private static func oid(_ type: SQLType?) -> Oid {
        switch type {
        case nil: 0
        case .integer: 20
        case .real: 701
        case .text: 25
        case .blob: 17
        case .integers: 1016
        case .reals: 1022
        case .texts: 1009
        }
    }

    private mutating func append(_ value: SQLValue) {
        switch value {
        case .null, .missing: append(offset: nil, length: 0, format: 0)
        case .integer(let number): append(String(number).utf8, format: 0)
        case .real(let number): append("\(number)".utf8, format: 0)
        case .text(let text): append(text.utf8, format: 0)
        case .blob(let blob): append(blob, format: 1)
        case .integers(let numbers):
            append(offset: bytes.count, length: 0, format: 0)
            bytes.append(UInt8(ascii: "{"))
            for (index, number) in numbers.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                bytes.append(contentsOf: String(number).utf8)
            }
            endArray()
        case .column(let values, _):
            append(offset: bytes.count, length: 0, format: 0)
            bytes.append(UInt8(ascii: "{"))
            for (index, value) in values.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                appendElement(value)
            }
            endArray()
        }
    }

    private mutating func endArray() {
        bytes.append(UInt8(ascii: "}"))
        bytes.append(0)
    }

    private mutating func appendElement(_ value: SQLValue) {
        switch value {
        case .integer(let number): bytes.append(contentsOf: String(number).utf8)
        case .real(let number): bytes.append(contentsOf: "\(number)".utf8)
        case .text(let text):
            bytes.append(UInt8(ascii: "\""))
            for byte in text.utf8 {
                if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { bytes.append(UInt8(ascii: "\\")) }
                bytes.append(byte)
            }
            bytes.append(UInt8(ascii: "\""))
        case .null, .missing: bytes.append(contentsOf: "null".utf8)
        case .blob, .integers, .column: preconditionFailure("an array holds numbers, texts and nulls")
        }
    }

    private mutating func append(_ content: some Collection<UInt8>, format: Int32) {
        append(offset: bytes.count, length: Int32(content.count), format: format)
        bytes.append(contentsOf: content)
        bytes.append(0)
    }

    private mutating func append(offset: Int?, length: Int32, format: Int32) {
        offsets.append(offset)
        lengths.append(length)
        formats.append(format)
    }

    func withPointers<R>(
        _ body: (UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?) -> R
    ) -> R {
        bytes.withUnsafeBytes { raw in
            let start = raw.assumingMemoryBound(to: CChar.self).baseAddress
            let pointers = offsets.map { offset in offset.flatMap { start?.advanced(by: $0) } }
            return pointers.withUnsafeBufferPointer { body($0.baseAddress, lengths, formats) }
        }
    }
}
