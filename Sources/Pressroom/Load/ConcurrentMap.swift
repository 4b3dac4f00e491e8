extension Sequence where Element: Sendable {
    /// Calls `body` for each element, at most `most` at once, and returns what it returned in the order of the elements.
    ///
    /// - Throws: what the first that fails throws; those under way are cancelled.
    func concurrentMap<Result: Sendable>(
        atOnce most: Int, _ body: @escaping @Sendable (Element) async throws -> Result
    ) async throws -> [Result] {
        try await withThrowingTaskGroup(of: (Int, Result).self) { group in
            var results: [Int: Result] = [:]
            for (index, element) in enumerated() {
                if index >= most, let (place, result) = try await group.next() { results[place] = result }
                group.addTask { (index, try await body(element)) }
            }
            for try await (place, result) in group { results[place] = result }
            return results.sorted { $0.key < $1.key }.map(\.value)
        }
    }
}
