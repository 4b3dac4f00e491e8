import Database

/// What a pool has learned of its provider since it was configured, kept in the pool's row.
///
/// Read with the row, changed by claimers that hold it, and by whoever writes down a refusal.
struct LearnedLimits: Sendable, Equatable {
    /// From so many answers in a row that speak of a bucket which refills evenly, it is taken for one.
    static let bucketReadingsMin = 30
    /// This part of such a bucket is left alone: what others use of it, or what the provider counts otherwise than we
    /// do, then shows before a call is refused. Six seconds of a limit a minute, the time that an answer takes.
    static let reserve = 0.1

    var requestLimit: ToldLimit
    var costLimit: ToldLimit
    var bucketReadings: Int
    var pace: Pace
    /// All that the pool ever granted.
    var granted: Granted
    let follows: Bool

    /// Requests and cost that a pool had granted up to some moment.
    struct Granted: Sendable, Equatable {
        var requests = 0.0
        var cost = 0.0
    }

    func requests(configured: Double) -> Double {
        requestLimit.applied(to: configured, follows: follows) * pace.factor
    }

    func cost(configured: Double) -> Double { costLimit.applied(to: configured, follows: follows) * pace.factor }

    mutating func refresh(at now: Double) {
        requestLimit.forgetIfOld(at: now)
        costLimit.forgetIfOld(at: now)
        pace.recover(at: now)
    }

    /// Takes in what was told beside one answer: limits as they are, what is left as a delay.
    mutating func hear(_ report: PoolReport, delaying permits: inout Permits, at now: Double) {
        requestLimit.hear(perMinute: report.requests?.limit, of: report.model, at: now)
        costLimit.hear(perMinute: report.cost?.limit, of: report.model, at: now)
        switch report.refillsEvenly {
        case true?: bucketReadings += 1
        case false?: bucketReadings = 0
        case nil: break
        }
        delay(&permits.requests, report.requests, report, granted.requests - report.granted.requests)
        delay(&permits.cost, report.cost, report, granted.cost - report.granted.cost)
    }

    /// What was left when the call was admitted may only delay: from then on it flows back at the limit's rate, less
    /// what this pool has granted since.
    ///
    /// The same report moves nothing twice, and one that is older than the delay moves nothing: both count what was
    /// granted since their own call.
    private func delay(
        _ dimension: inout Permits.Dimension?, _ told: ReportedLimits.Bucket?, _ report: PoolReport,
        _ grantedSince: Double
    ) {
        guard let left = told?.remaining, let limits = dimension, left >= 0 else { return }
        let isBucket = bucketReadings >= Self.bucketReadingsMin
        let kept = isBucket ? max(limits.burst, Self.reserve * (told?.limit ?? 0)) : limits.burst
        let floor = report.startedAt + (kept - left + max(0, grantedSince)) / limits.rate
        dimension?.arrival = max(limits.arrival, floor)
    }
}

extension LearnedLimits {
    static let columns: SQL = """
        follows, told_req_rate, told_req_model, told_req_at, told_cost_rate, told_cost_model, told_cost_at, told_bucket,
        granted_req, granted_cost, pace, pace_ceiling, pace_at, pace_lowered_at, calls_since, calls, calls_before,
        refusals_since, refusals, refusals_before
        """

    init(_ row: borrowing Row, from first: Int = 0) throws {
        follows = try row[first]
        requestLimit = try ToldLimit(rate: row[first + 1], model: row[first + 2], at: row[first + 3])
        costLimit = try ToldLimit(rate: row[first + 4], model: row[first + 5], at: row[first + 6])
        bucketReadings = try row[first + 7]
        granted = try Granted(requests: row[first + 8], cost: row[first + 9])
        pace = try Pace(
            factor: row[first + 10], ceiling: row[first + 11], at: row[first + 12], loweredAt: row[first + 13],
            calls: RecentCount(since: row[first + 14], present: row[first + 15], before: row[first + 16]),
            refusals: RecentCount(since: row[first + 17], present: row[first + 18], before: row[first + 19]))
    }

    /// The columns of `pools` that a claim or a refusal writes.
    var assignments: SQL {
        """
        told_req_rate = cast(\(requestLimit.rate) as double precision), told_req_model = \(requestLimit.model),
        told_req_at = \(requestLimit.at), told_cost_rate = cast(\(costLimit.rate) as double precision),
        told_cost_model = \(costLimit.model), told_cost_at = \(costLimit.at), told_bucket = \(bucketReadings),
        granted_req = \(granted.requests), granted_cost = \(granted.cost), \(pace.assignments)
        """
    }
}

extension Pace {
    /// The columns of `pools` that hold it.
    var assignments: SQL {
        """
        pace = \(factor), pace_ceiling = \(ceiling), pace_at = \(at), pace_lowered_at = \(loweredAt),
        calls_since = \(calls.since), calls = \(calls.present), calls_before = \(calls.before),
        refusals_since = \(refusals.since), refusals = \(refusals.present), refusals_before = \(refusals.before)
        """
    }
}
