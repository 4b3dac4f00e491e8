import Engine
import Web

extension ServerAddress {
    /// Where the image provider reports; nil while no server listens, and pictures are then found by asking.
    func webhook(job: JobID, order: Int) -> String? {
        current.map { ReplicateWebhook.url(base: $0, job: job, order: order) }
    }
}
