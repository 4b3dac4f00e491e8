/// What is to happen at a time, the earliest first; of equal times the one that was set first.
///
/// A binary heap whose removed entries stay until they come to its top.
struct TimerTable<Value> {
    typealias Key = UInt64
    private struct Entry {
        let at: Duration
        let key: Key
        func precedes(_ other: Entry) -> Bool { (at, key) < (other.at, other.key) }
    }
    private var heap: [Entry] = []
    private var values: [Key: Value] = [:]
    private var last: Key = 0

    @discardableResult
    mutating func insert(_ value: Value, at time: Duration) -> Key {
        last += 1
        values[last] = value
        heap.append(Entry(at: time, key: last))
        siftUp(from: heap.count - 1)
        return last
    }

    mutating func remove(_ key: Key) -> Value? { values.removeValue(forKey: key) }

    mutating func popFirst() -> (at: Duration, value: Value)? {
        while let first = heap.first {
            heap.swapAt(0, heap.count - 1)
            heap.removeLast()
            siftDown()
            if let value = values.removeValue(forKey: first.key) { return (first.at, value) }
        }
        return nil
    }

    private mutating func siftUp(from index: Int) {
        var child = index
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].precedes(heap[parent]) else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    private mutating func siftDown() {
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child].precedes(heap[least])
            {
                least = child
            }
            guard least != parent else { return }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
