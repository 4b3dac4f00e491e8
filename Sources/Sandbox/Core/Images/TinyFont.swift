/// A few capital letters, five dots wide and seven high.
enum TinyFont {
    private static let letters: [Character: [String]] = [
        "S": [" ####", "#    ", "#    ", " ### ", "    #", "    #", "#### "],
        "A": [" ### ", "#   #", "#   #", "#####", "#   #", "#   #", "#   #"],
        "N": ["#   #", "##  #", "# # #", "#  ##", "#   #", "#   #", "#   #"],
        "D": ["#### ", "#   #", "#   #", "#   #", "#   #", "#   #", "#### "],
        "B": ["#### ", "#   #", "#   #", "#### ", "#   #", "#   #", "#### "],
        "O": [" ### ", "#   #", "#   #", "#   #", "#   #", "#   #", " ### "],
        "X": ["#   #", "#   #", " # # ", "  #  ", " # # ", "#   #", "#   #"],
    ]
    private static let advance = 6
    static let height = 7

    static func width(of text: String) -> Int { text.count * advance - 1 }

    /// Draws a text with its upper left corner at a point; each dot is a square of `scale` pixels.
    static func draw(_ text: String, x: Int, y: Int, scale: Int, color: Canvas.Color, on canvas: inout Canvas) {
        for (position, character) in text.enumerated() {
            for (line, dots) in (letters[character] ?? []).enumerated() {
                for (column, dot) in dots.enumerated() where dot == "#" {
                    let left = x + (position * advance + column) * scale
                    for row in 0..<scale {
                        canvas.fill(left..<left + scale, row: y + line * scale + row, with: color)
                    }
                }
            }
        }
    }
}
