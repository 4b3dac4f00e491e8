/// Colours that go together: two for the sky, one for the light, some for the land from far to near.
struct Palette: Sendable {
    let skyTop, skyBottom, light: Canvas.Color
    let land: [Canvas.Color]

    private init(_ skyTop: Int, _ skyBottom: Int, light: Int, far: Int, near: Int) {
        self.skyTop = Canvas.Color(skyTop)
        self.skyBottom = Canvas.Color(skyBottom)
        self.light = Canvas.Color(light)
        land = (0..<5).map { Canvas.Color(far).mixed(with: Canvas.Color(near), Double($0) / 4) }
    }

    static let all: [Palette] = [
        Palette(0x2B3A67, 0xF4A259, light: 0xFFE8C2, far: 0xB5656B, near: 0x2A1E3F),
        Palette(0x7FB7BE, 0xF7EDE2, light: 0xFFF8E7, far: 0x84A59D, near: 0x22504C),
        Palette(0xF5CAC3, 0xFBF1E6, light: 0xF28482, far: 0xE0A899, near: 0x5B4B5E),
        Palette(0x10243F, 0x4F7CAC, light: 0xF6F7EB, far: 0x3E5C76, near: 0x0B132B),
        Palette(0xFFD6A5, 0xFFF3DC, light: 0xF9844A, far: 0xC9A66B, near: 0x4A5A3A),
        Palette(0x6D597A, 0xEAAC8B, light: 0xFFF1D0, far: 0xB56576, near: 0x355070),
        Palette(0xCDE7F0, 0xFDFCF7, light: 0xFFD166, far: 0x8FB9AA, near: 0x2F5D62),
        Palette(0x3D2C4E, 0xD98C5F, light: 0xFCE5B0, far: 0x96566B, near: 0x1B1B2F),
        Palette(0xBFD7B5, 0xF5F3E7, light: 0xFFFBE6, far: 0x8AA87B, near: 0x2D4739),
        Palette(0x274060, 0x9CC5D3, light: 0xFFFFFF, far: 0x5A7D9A, near: 0x17263B),
    ]
}
