extension String {
    /// Nil for an empty text, which pages leave out.
    var nonEmpty: String? { isEmpty ? nil : self }
}
