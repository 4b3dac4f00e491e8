import ProductKit

/// What a person posts.
package struct PostForm: Sendable {
    package var content: String
    package var language: String?
    package init(content: String, language: String? = nil) {
        self.content = content
        self.language = language
    }

    /// - Throws: `request.malformed`; `validation.failed`.
    package static func read(_ body: [UInt8]) throws -> PostForm {
        var reader = try FieldReader(body: body)
        let content = reader.required("content", length: 1...Posts.contentLengthMax, allowsLines: true)
        let form = PostForm(content: content, language: LanguageTag.read("language", &reader))
        try reader.close()
        return form
    }

    /// The text that an owner puts in place of a draft's; nil to leave it.
    ///
    /// - Throws: `request.malformed`; `validation.failed`.
    package static func readContent(_ body: [UInt8], isRequired: Bool) throws -> String? {
        var reader = try FieldReader(body: body)
        let content = reader.text("content", length: 1...Posts.contentLengthMax, allowsLines: true)
        if isRequired, !reader.mentions("content") { reader.complain("content", "is missing") }
        try reader.close()
        return content
    }
}
