import HTTPTypes

extension Call {
    /// The header `Idempotency-Key`, with or without the quotes of its standard.
    /// - Throws: ``Problem`` 400 when it is empty, longer than 255 bytes or not plain ASCII.
    func idempotencyKey() throws -> String? {
        guard let header = header(.idempotencyKey) else { return nil }
        var key = Substring(header)
        if key.count >= 2, key.hasPrefix("\""), key.hasSuffix("\"") { key = key.dropFirst().dropLast() }
        guard (1...255).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw Problem(
                .badRequest, code: "idempotency.invalid_key",
                detail: "The Idempotency-Key must be 1 to 255 visible ASCII characters without spaces.",
                hint: "Use a new random UUID for each thing to be created.")
        }
        return String(key)
    }
}

extension HTTPField.Name {
    static let idempotencyKey = Self("Idempotency-Key")!
    static let idempotencyReplayed = Self("Idempotency-Replayed")!
}
