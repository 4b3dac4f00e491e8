/// One event as `text/event-stream` writes it.
struct ServerSentEvent: Sendable {
    var id: String?
    var name: String?
    /// One line of JSON; a line break would end the event early.
    var data: String

    var text: String {
        var text = ""
        if let id { text += "id: \(id)\n" }
        if let name { text += "event: \(name)\n" }
        for line in data.split(separator: "\n", omittingEmptySubsequences: false) { text += "data: \(line)\n" }
        return text + "\n"
    }
}

/// What is to be sent next on a stream.
enum StreamStep: Sendable {
    case send([ServerSentEvent])
    /// The last events; the stream ends after them.
    case finish([ServerSentEvent])
}
