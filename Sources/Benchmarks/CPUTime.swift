import Database
import Foundation

/// Processor time of this process and, where it runs on this machine, of the database server.
struct CPUTime: Sendable {
    var client: Double
    /// Nil when the server's processes cannot be seen from here.
    var server: Double?

    /// In seconds since the start of each.
    static func read(_ database: any Database) async throws -> CPUTime {
        guard database.dialect == .postgres else { return CPUTime(client: own(), server: 0) }
        let backend: Int? = try await database.read { try $0.value("select cast(pg_backend_pid() as bigint)") }
        return CPUTime(client: own(), server: backend.flatMap(server(backend:)))
    }

    static func - (later: CPUTime, earlier: CPUTime) -> CPUTime {
        var server: Double?
        if let last = later.server, let first = earlier.server { server = last - first }
        return CPUTime(client: later.client - earlier.client, server: server)
    }

    /// Of this process alone, in seconds.
    static func own() -> Double {
        // Glibc declares the constant as an enumeration and the parameter as a number.
        #if canImport(Glibc)
            let own = RUSAGE_SELF.rawValue
        #else
            let own = RUSAGE_SELF
        #endif
        var usage = rusage()
        getrusage(own, &usage)
        return [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6 }
    }

    /// The postmaster, its living children, and those it has seen end: `/proc/PID/stat` as Linux writes it.
    private static func server(backend: Int) -> Double? {
        guard let parent = Entry(process: backend)?.parent, let postmaster = Entry(process: parent),
            let folders = try? FileManager.default.contentsOfDirectory(atPath: "/proc")  // not Linux: no figure
        else { return nil }
        let children = folders.compactMap(Int.init).compactMap(Entry.init(process:)).filter { $0.parent == parent }
        let ticks = children.reduce(postmaster.own + postmaster.ended) { $0 + $1.own }
        return Double(ticks) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    private struct Entry {
        let parent: Int
        /// Clock ticks of the process, and of the children it has waited for.
        let own: Int
        let ended: Int

        init?(process: Int) {
            // A process that has just ended has no entry.
            guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
                let name = text.lastIndex(of: ")")
            else { return nil }
            // Behind the name, which may hold blanks: state, parent, … utime is the 12th, cstime the 15th.
            let fields = text[text.index(after: name)...].split(separator: " ")
            guard fields.count > 14, let parent = Int(fields[1]) else { return nil }
            let times = fields[11...14].compactMap { Int($0) }
            guard times.count == 4 else { return nil }
            self.parent = parent
            own = times[0] + times[1]
            ended = times[2] + times[3]
        }
    }
}
