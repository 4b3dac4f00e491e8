/// Values by key, of which those that nobody has asked for lately are dropped.
///
/// Two generations: what is asked for moves to the younger; when that is full or old, the elder goes. A step costs the
/// same however many there are, and there are never more than `countMax`.
struct RecentKeys<Key: Hashable, Value> {
    let countMax: Int
    private var young: [Key: Value] = [:]
    private var elder: [Key: Value] = [:]
    private var turnedAt: Int64 = 0

    init(countMax: Int) { self.countMax = countMax }

    var count: Int { young.count + elder.count }

    /// Lends a value to be changed; what is not there begins as `initial`.
    mutating func with<R>(_ key: Key, initial: @autoclosure () -> Value, _ body: (inout Value) -> R) -> R {
        var value = young.removeValue(forKey: key) ?? elder.removeValue(forKey: key) ?? initial()
        let result = body(&value)
        if young.count >= countMax / 2 { turn() }
        young[key] = value
        return result
    }

    /// Drops what nobody has asked for during a whole `age`, in milliseconds.
    mutating func age(to now: Int64, after age: Int64) {
        guard now - turnedAt >= age else { return }
        turnedAt = now
        turn()
    }

    private mutating func turn() {
        elder = young
        young = [:]
    }
}
