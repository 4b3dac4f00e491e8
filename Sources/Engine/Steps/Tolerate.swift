import Database
import Logging

extension Engine {
    /// Runs what must not hold up the transaction around it, such as a product's mirror of a job that fails anyway.
    ///
    /// What it threw is logged and its own writes are undone.
    /// - Returns: whether it succeeded.
    /// - Throws: what says that the whole transaction has to be run again: a conflict, a lost connection, a
    ///   cancellation.
    @discardableResult
    func tolerate(
        _ purpose: String, of job: JobID? = nil, in transaction: borrowing Transaction,
        _ body: (borrowing Transaction) throws -> Void
    ) throws -> Bool {
        do {
            try transaction.savepoint(body)
            return true
        } catch let error as DatabaseError where error.isRetryable {
            throw error
        } catch let error as CancellationError {
            throw error
        } catch {
            logger.error("could not \(purpose)", metadata: ["job": "\(job?.description ?? "-")", "error": "\(error)"])
            return false
        }
    }
}
