/// The data part of a prompt: lines of the form `Name: value` between two marker lines.
///
/// Everything that people wrote stands here, and the model is told that it is data. A value cannot end its line, so it
/// cannot pretend to be another line, nor the marker.
package struct DataLines {
    private var lines: [String] = []
    private let valueLengthMax: Int

    /// - Parameter valueLengthMax: in Unicode scalars; what is beyond is cut off.
    package init(valueLengthMax: Int) { self.valueLengthMax = valueLengthMax }

    package var text: String { (["BEGIN DATA"] + lines + ["END DATA"]).joined(separator: "\n") }

    /// Nothing for a value that is absent or blank.
    package mutating func add(_ name: String, _ value: String?) {
        guard let value else { return }
        let line = TextRules.oneLine(value, max: valueLengthMax)
        if !line.isEmpty { lines.append("\(name): \(line)") }
    }

    /// A line for each value.
    package mutating func add(_ name: String, each values: [String]) { for value in values { add(name, value) } }

    /// One line for all.
    package mutating func add(_ name: String, list values: [String]) { add(name, values.joined(separator: ", ")) }
}
