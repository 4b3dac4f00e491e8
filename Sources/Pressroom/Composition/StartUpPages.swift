import Foundation

/// The pages of the program and its libraries that only starting touched.
///
/// Reading settings, migrating and building routes walks through much of the code once, and the kernel maps sixteen pages
/// for each that is touched; a server at rest needs a small part of them. What is given back is code as it lies in its
/// file, never data of the process: a page that is needed again is mapped again, from the page cache.
enum StartUpPages {
    /// When a process has started for good.
    static let settled: Duration = .seconds(2)

    /// Costs less than a millisecond, and once; a system that does not list its mappings keeps them.
    static func release() {
        // A file without a size, which has to be read until its end.
        let list = FileHandle(forReadingAtPath: "/proc/self/maps")
        guard let maps = try? list?.readToEnd() else { return }
        for line in String(decoding: maps, as: UTF8.self).split(separator: "\n") {
            guard let range = codeRange(line) else { continue }
            _ = madvise(UnsafeMutableRawPointer(bitPattern: range.lowerBound), range.count, MADV_DONTNEED)
        }
    }

    /// Where the mapping lies that a line of `/proc/self/maps` tells of; nil unless it is code read from a file: only of
    /// that it is sure that nobody has written to it.
    static func codeRange(_ line: Substring) -> Range<UInt>? {
        let fields = line.split(separator: " ", maxSplits: 5, omittingEmptySubsequences: true)
        guard fields.count == 6, fields[1] == "r-xp", fields[5].first(where: { $0 != " " }) == "/" else { return nil }
        let bounds = fields[0].split(separator: "-")
        guard bounds.count == 2, let start = UInt(bounds[0], radix: 16), let end = UInt(bounds[1], radix: 16),
            start < end
        else { return nil }
        return start..<end
    }
}
