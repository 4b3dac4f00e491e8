import Foundation

/// The folder that articles go to, looked at before anything is begun that could not be finished.
enum OutputFolder {
    /// Makes the folder if it is missing and writes into it, to know.
    /// - Throws: ``CommandError`` with code `output.not_writable`.
    static func require(_ path: String) throws {
        // A name of its own: several processes may look at the same moment.
        let probe = path + "/.pressroom/probe-\(UUID().uuidString)"
        do {
            try FileManager.default.createDirectory(atPath: path + "/.pressroom", withIntermediateDirectories: true)
            try Data().write(to: URL(filePath: probe))
            try FileManager.default.removeItem(atPath: probe)
        } catch {
            throw CommandError(
                "output.not_writable", "The folder \(path) cannot be written.",
                hint: "Choose another with --output, or change its permissions.", status: .cannotCreate)
        }
    }
}
