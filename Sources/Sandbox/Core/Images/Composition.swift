import Foundation

/// Draws an abstract picture for a prompt: a sky, a light, and hills, dunes or floating discs; different for each prompt,
/// always the same for one.
enum Composition {
    private static let mark = "SANDBOX"

    static func draw(_ request: PictureRequest) -> Canvas {
        var chance = Chance(seed: request.seed, about: request.prompt)
        var canvas = Canvas(width: request.width, height: request.height)
        let palette = chance.pick(Palette.all)
        sky(palette, on: &canvas)
        switch chance.index(below: 3) {
        case 0:
            light(palette, chance: &chance, on: &canvas)
            hills(palette, layers: 5, chance: &chance, on: &canvas)
        case 1:
            discs(palette, chance: &chance, on: &canvas)
            hills(palette, layers: 2, chance: &chance, on: &canvas)
        default:
            light(palette, chance: &chance, on: &canvas)
            discs(palette, chance: &chance, on: &canvas)
            hills(palette, layers: 3, chance: &chance, on: &canvas)
        }
        stamp(on: &canvas)
        return canvas
    }

    private static func sky(_ palette: Palette, on canvas: inout Canvas) {
        for row in 0..<canvas.height {
            let share = Double(row) / Double(canvas.height)
            canvas.fill(0..<canvas.width, row: row, with: palette.skyTop.mixed(with: palette.skyBottom, share))
        }
    }

    /// A sun or a moon with rings of glow.
    private static func light(_ palette: Palette, chance: inout Chance, on canvas: inout Canvas) {
        let side = Double(min(canvas.width, canvas.height))
        let radius = side * (0.08 + 0.06 * chance.unit())
        let x = Double(canvas.width) * (0.2 + 0.6 * chance.unit())
        let y = Double(canvas.height) * (0.22 + 0.25 * chance.unit())
        for ring in [3.4, 2.4, 1.6] {
            canvas.disc(x: x, y: y, radius: radius * ring, color: palette.light, 0.12)
        }
        canvas.disc(x: x, y: y, radius: radius, color: palette.light, 0.95)
    }

    private static func discs(_ palette: Palette, chance: inout Chance, on canvas: inout Canvas) {
        let side = Double(min(canvas.width, canvas.height))
        for _ in 0..<(4 + chance.index(below: 4)) {
            let color = chance.index(below: 3) == 0 ? palette.light : chance.pick(palette.land)
            canvas.disc(
                x: Double(canvas.width) * chance.unit(), y: Double(canvas.height) * (0.1 + 0.7 * chance.unit()),
                radius: side * (0.06 + 0.2 * chance.unit()), color: color, 0.25 + 0.3 * chance.unit())
        }
    }

    /// Layers of hills, the nearest darkest, each with a ridge of three waves.
    private static func hills(_ palette: Palette, layers: Int, chance: inout Chance, on canvas: inout Canvas) {
        for layer in 0..<layers {
            let depth = Double(layer + 1) / Double(layers)
            let color = palette.land[min(palette.land.count - 1, Int(depth * Double(palette.land.count - 1)))]
            let base = Double(canvas.height) * (0.48 + 0.42 * depth)
            let waves = (1...3).map { order in
                (
                    size: Double(canvas.height) * (0.03 + 0.06 * chance.unit()) / Double(order),
                    length: Double(order) * (1.2 + 1.6 * chance.unit()) * 2 * .pi / Double(canvas.width),
                    shift: 2 * .pi * chance.unit()
                )
            }
            let ridge = (0..<canvas.width).map { x in
                waves.reduce(base) { $0 + $1.size * sin(Double(x) * $1.length + $1.shift) }
            }
            fill(below: ridge, color: color, on: &canvas)
        }
    }

    /// Paints everything below a ridge, given as a height for each column, with a soft edge.
    private static func fill(below ridge: [Double], color: Canvas.Color, on canvas: inout Canvas) {
        let top = max(0, Int(ridge.min() ?? 0))
        let allBelow = min(canvas.height, max(top, Int((ridge.max() ?? 0).rounded(.up)) + 1))
        guard top < canvas.height else { return }
        for row in top..<allBelow {
            let line = Double(row)
            var x = 0
            while x < ridge.count {
                if ridge[x] <= line {
                    let start = x
                    while x < ridge.count, ridge[x] <= line { x += 1 }
                    canvas.fill(start..<x, row: row, with: color)
                } else {
                    if ridge[x] < line + 1 { canvas.blend(x..<x + 1, row: row, with: color, line + 1 - ridge[x]) }
                    x += 1
                }
            }
        }
        for row in allBelow..<canvas.height { canvas.fill(0..<canvas.width, row: row, with: color) }
    }

    /// The mark that nobody should miss, in the lower right corner.
    private static func stamp(on canvas: inout Canvas) {
        let scale = max(1, min(canvas.width, canvas.height) / 190)
        let width = TinyFont.width(of: mark) * scale
        let height = TinyFont.height * scale
        let x = canvas.width - width - 8 * scale
        let y = canvas.height - height - 8 * scale
        for row in (y - 3 * scale)..<(y + height + 3 * scale) {
            canvas.blend(x - 4 * scale..<x + width + 4 * scale, row: row, with: Canvas.Color(0x000000), 0.45)
        }
        TinyFont.draw(mark, x: x, y: y, scale: scale, color: Canvas.Color(0xFFFFFF), on: &canvas)
    }
}
