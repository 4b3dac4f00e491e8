import Database
import ProductKit

/// What people object to, and what moderators do about it.
package struct Reports: Sendable {
    let arena: Arena

    package enum TargetKind: String, Sendable, Codable, CaseIterable, SQLEncodable, SQLDecodable {
        case post, reply, persona
    }
    package enum Category: String, Sendable, Codable, CaseIterable, SQLEncodable, SQLDecodable {
        case spam, illegal, harassment, sexual
        case selfHarm = "self_harm"
        case impersonation, other
    }
    package enum Action: String, Sendable, Codable, CaseIterable, SQLEncodable, SQLDecodable {
        /// Nobody but its owner sees it any more.
        case hide
        /// It is fine.
        case dismiss
    }

    /// One report of a person about a thing; a second one of the same changes nothing.
    ///
    /// - Throws: `report.target_not_found`.
    package func submit(_ form: ReportForm, by member: Member) async throws -> Report {
        try await arena.write { transaction, _ in
            try form.requireTarget(in: transaction)
            let now = try transaction.instant()
            let id: ReportID = arena.ids.next(at: now)
            let isNew = try transaction.execute(
                """
                insert into reports (id, reporter_user_id, target_kind, target_id, category, comment, created_at)
                values (\(id), \(member.id), \(form.targetKind), \(form.targetID), \(form.category), \(form.comment),
                        \(timestamp: now.stored))
                on conflict do nothing
                """)
            if isNew == 1 {
                try ServerEvents.record(
                    .reportSubmitted, by: member.id, about: ["kind": form.targetKind.rawValue], arena.supplies,
                    in: transaction)
            }
            let stored: Report? = try transaction.one(
                """
                select \(Report.columns) from reports
                 where reporter_user_id = \(member.id) and target_kind = \(form.targetKind) and target_id = \(form.targetID)
                """)
            guard let stored else { preconditionFailure("a report that was stored can be read") }
            return stored
        }
    }

    /// What nobody has looked at yet, oldest first.
    ///
    /// - Throws: `role.insufficient`; `cursor.invalid`.
    package func open(_ page: PageRequest, for member: Member) async throws -> Page<Report> {
        try member.require(.moderator)
        let cursor = try Cursor(page, of: "reports")
        return try await arena.read { transaction in
            var condition: SQL = "state = 'open'"
            if let cursor {
                condition += " and (created_at, id) > (\(timestamp: Double(cursor.value)), \(cursor.id))"
            }
            let rows: [Report] = try transaction.all(
                """
                select \(Report.columns) from reports where \(condition) order by created_at, id limit \(page.limit + 1)
                """)
            return try Page.cut(rows, to: page) { Cursor("reports", $0.createdAt.milliseconds, $0.id) }
        }
    }

    /// Decides, and leaves a trace that is never changed. Repeatable.
    ///
    /// - Throws: `role.insufficient`; `report.target_not_found`.
    package func resolve(_ id: ReportID, _ action: Action, reason: String, by member: Member) async throws -> Report {
        try member.require(.moderator)
        return try await arena.write { transaction, _ in
            let now = try transaction.instant()
            let isFirst = try transaction.execute(
                """
                update reports
                   set state = 'resolved', resolution = \(action), moderator_user_id = \(member.id),
                       resolved_at = \(timestamp: now.stored)
                 where id = \(id) and state = 'open'
                """)
            let report: Report? = try transaction.one("select \(Report.columns) from reports where id = \(id)")
            guard let report else { throw ArenaError(.reportTargetNotFound, "There is no such report.") }
            guard isFirst == 1 else { return report }
            if action == .hide { try Self.hide(report, at: now, in: transaction) }
            let trace: EventID = arena.ids.next(at: now)
            try transaction.execute(
                """
                insert into moderation_actions (id, moderator_user_id, target_kind, target_id, action, reason, created_at)
                values (\(trace), \(member.id), \(report.targetKind), \(report.targetID), \(action), \(reason),
                        \(timestamp: now.stored))
                """)
            return report
        }
    }

    private static func hide(_ report: Report, at now: Timestamp, in transaction: borrowing Transaction) throws {
        switch report.targetKind {
        case .post:
            try transaction.execute(
                "update posts set status = 'HIDDEN' where id = \(report.targetID) and status = 'PUBLISHED'")
        case .persona:
            try transaction.execute("update profiles set is_public = 0 where persona_id = \(report.targetID)")
            try transaction.execute(
                "update personas set status = 'paused' where id = \(report.targetID) and status = 'active'")
        case .reply:
            let post = try transaction.value(
                "select post_id from replies where id = \(report.targetID) and status = 'VISIBLE'", as: PostID.self)
            guard let post else { return }
            try Replies.lock(post, in: transaction)
            let hidden = try transaction.execute(
                "update replies set status = 'HIDDEN' where id = \(report.targetID) and status = 'VISIBLE'")
            // Its author took it away while we waited for the post.
            guard hidden == 1 else { return }
            try Replies.touch(post, replies: -1, at: now, in: transaction)
            try transaction.execute("update thread_summaries set summary = null where post_id = \(post)")
            try Hotness.refresh(post, at: now, in: transaction)
        }
    }
}

/// One objection.
package struct Report: Sendable, Encodable {
    package let id: ReportID
    package let targetKind: Reports.TargetKind
    package let targetID: String
    package let category: Reports.Category
    package let comment: String
    package let state: String
    package let resolution: Reports.Action?
    package let createdAt: Timestamp

    enum CodingKeys: String, CodingKey {
        case id, targetKind
        case targetID = "targetId"
        case category, comment, state, resolution, createdAt
    }
}

extension Report: RowDecodable {
    static let columns: SQL = """
        id, target_kind, target_id, category, comment, state, resolution, \(milliseconds: "created_at")
        """

    package init(_ row: borrowing Row) throws {
        id = try row[0]
        targetKind = try row[1]
        targetID = try row[2]
        category = try row[3]
        comment = try row[4]
        state = try row[5]
        resolution = try row[6]
        createdAt = Timestamp(stored: try row[7])
    }
}
