extension Configuration {
    /// Where finished articles go when a site has no publisher of its own.
    struct Publishing: Sendable {
        /// A folder, made when it is missing; a relative path counts from the working directory.
        let output: String

        init(_ reader: inout SettingReader) {
            output = reader.value("OUTPUT", .line("a folder such as `output`", upTo: 1_000), default: "output")
        }
    }
}
