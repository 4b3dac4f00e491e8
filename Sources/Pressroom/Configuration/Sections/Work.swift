extension Configuration {
    /// The queue and the workers.
    struct Work: Sendable {
        /// Requests that may wait before new ones are refused.
        let queueSizeMax: Int
        /// Calls one worker makes at a time; what waits holds no slot.
        let slots: Int
        /// Jobs one claim takes at most.
        let batchSize: Int
        /// Jobs of one tenant that run at a time in the whole cluster; `nil` is no cap.
        let tenantConcurrencyMax: Int?
        /// The longest a short task, such as a reply, may take.
        let taskTimeout: Duration
        /// The longest the writing of one article may take.
        let articleTimeout: Duration
        /// How long a claim holds without a heartbeat.
        let lease: Duration
        /// Calls a minute that one site's own interface allows.
        let siteRequestsPerMinute: Int
        /// Previews a persona may make a day.
        let previewQuota: Int

        init(_ reader: inout SettingReader) {
            let timeout = SettingForm<Duration>.duration(in: .seconds(1)...(.seconds(3_600)))
            queueSizeMax = reader.value("QUEUE_SIZE_LIMIT", .integer(in: 1...10_000_000), default: 10_000)
            slots = reader.value("CONCURRENT_BLOGS", .integer(in: 1...10_000), default: 50)
            batchSize = reader.value("BATCH_SIZE", .integer(in: 1...1_000), default: 100)
            tenantConcurrencyMax = reader.value("MAX_PER_INSTANCE", .limit(in: 1...10_000), default: nil)
            taskTimeout = reader.value("WORKER_TASK_TIMEOUT", timeout, default: .seconds(15))
            articleTimeout = reader.value("ARTICLE_TIMEOUT", timeout, default: .seconds(60))
            lease = reader.value("LEASE", .duration(in: .seconds(1)...(.seconds(600))), default: .seconds(15))
            siteRequestsPerMinute = reader.value("SITE_RPM", .integer(in: 1...1_000_000), default: 200)
            previewQuota = reader.value("DEFAULT_PREVIEW_QUOTA", .integer(in: 0...1_000), default: 5)
        }
    }
}
