import Providers

extension SettingForm<OpenAIImageSize> {
    /// Width and height in pixels, or `auto`.
    static var imageSize: Self {
        let sides = OpenAIImageSize.sideBounds
        return Self(
            "`auto`, or width and height such as `1536x864`, each from \(sides.lowerBound) to \(sides.upperBound)",
            show: { $0.description }
        ) { text in
            OpenAIImageSize(text)
        }
    }
}
