import Blog
import Engine
import HTTPTypes

extension Call {
    /// The generation that the path names. A malformed number is treated like one that does not exist.
    func generationID() throws -> JobID {
        guard let id = JobID(parameter("id")) else { throw Problem.noGeneration }
        return id
    }
}

extension Problem {
    static let noGeneration = Problem(
        .notFound, code: BlogError.Code.generationNotFound.rawValue, detail: "There is no such generation.",
        hint: "Check the id; the list shows all of this site's.")
}
