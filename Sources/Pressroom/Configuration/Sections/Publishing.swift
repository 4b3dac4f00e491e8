import Blog

extension Configuration {
    /// Where finished articles go when a site has no publisher of its own.
    struct Publishing: Sendable {
        /// Where posts appear when a site does not say.
        let publisher: PublisherKind
        /// A folder, made when it is missing; a relative path counts from the working directory.
        let output: String
        /// How long after a generation's end its site is looked at for drafts that nobody recorded. Longer than a
        /// publisher's call, and than a worker may be stopped and go on.
        let strayGrace: Duration
        /// How often that is done, and rows that were set back by hand are resumed.
        let upkeepPause: Duration
        /// The file with the keys that seal single sites' credentials.
        let credentialsKeyFile: String?

        init(_ reader: inout SettingReader) {
            publisher = reader.value("PUBLISHER", .choice, default: .folder)
            output = reader.value("OUTPUT", .line("a folder such as `output`", upTo: 1_000), default: "output")
            strayGrace = reader.value(
                "STRAY_GRACE", .duration(in: .seconds(1)...(.seconds(86_400))), default: .seconds(120))
            upkeepPause = reader.value(
                "UPKEEP_PAUSE", .duration(in: .milliseconds(100)...(.seconds(60))), default: .seconds(30))
            credentialsKeyFile = reader.optional(
                "CREDENTIALS_KEY_FILE", .line("a file with a key in Base64", upTo: 1_000))
        }
    }
}
