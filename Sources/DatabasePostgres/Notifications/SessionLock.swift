/// A lock that lives as long as a connection: whoever sees it gone in `pg_locks` knows that its owner's connection is gone.
///
/// There it is `locktype = 'advisory' and classid = … and objid = … and objsubid = 2`.
public struct SessionLock: Sendable, Hashable {
    public let classID: Int32
    public let objectID: Int32

    public init(classID: Int32, objectID: Int32) {
        self.classID = classID
        self.objectID = objectID
    }
}
