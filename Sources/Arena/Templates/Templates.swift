import Database
import ProductKit

/// Rules that people make for battles. A change is a new version; battles keep the one they began with.
package struct Templates: Sendable {
    let arena: Arena

    package func create(_ form: TemplateForm, by caller: Member) async throws -> Template {
        try await arena.write { transaction, _ in
            let now = try transaction.instant()
            let id: TemplateID = arena.ids.next(at: now)
            let template = Template(
                id: id, version: 1, ownerUserID: caller.id, name: form.name ?? "", promptRules: form.promptRules ?? "",
                turnCount: form.turnCount ?? 6, wordLimit: form.wordLimit ?? 120, isPublic: form.isPublic ?? true,
                isArchived: false, createdAt: now)
            try transaction.execute(
                """
                insert into templates (id, owner_user_id, name, is_public, created_at, updated_at)
                values (\(id), \(caller.id), \(template.name), \(template.isPublic), \(timestamp: now.stored),
                        \(timestamp: now.stored))
                """)
            try Self.store(template, at: now, in: transaction)
            return template
        }
    }

    /// Public templates, newest first, and the caller's own among them.
    ///
    /// - Parameter text: part of the name.
    /// - Throws: `cursor.invalid`.
    package func list(containing text: String?, _ page: PageRequest, for caller: Member?) async throws -> Page<Template>
    {
        let list = "templates:\(text ?? "")"
        let cursor = try Cursor(page, of: list)
        let viewer = caller?.id
        return try await arena.read { transaction in
            var condition: SQL = "(t.is_public = 1 or t.owner_user_id = \(viewer)) and t.is_archived = 0"
            if let text {
                condition +=
                    " and \(postgres: "position(lower(\(text)) in lower(v.name)) > 0", sqlite: "instr(lower(v.name), lower(\(text))) > 0")"
            }
            if let cursor {
                condition += " and (t.created_at, t.id) < (\(timestamp: Double(cursor.value)), \(cursor.id))"
            }
            let rows: [Template] = try transaction.all(
                """
                select \(Template.columns) from \(Template.source)
                 where \(condition) order by t.created_at desc, t.id desc limit \(page.limit + 1)
                """)
            return try Page.cut(rows, to: page) { Cursor(list, $0.createdAt.milliseconds, $0.id) }
        }
    }

    /// - Throws: `template.not_found`.
    package func find(_ id: TemplateID, for caller: Member?) async throws -> Template {
        try await arena.read { transaction in try Template.require(id, for: caller?.id, in: transaction) }
    }

    /// Makes the next version.
    ///
    /// - Throws: `template.not_found`, also for somebody else's.
    package func change(_ id: TemplateID, _ form: TemplateForm, by caller: Member) async throws -> Template {
        try await arena.write { transaction, _ in
            let now = try transaction.instant()
            // Locked first: of two changes at once each makes a version of its own.
            let locked = try transaction.execute(
                """
                update templates set version = version + 1, updated_at = \(timestamp: now.stored)
                 where id = \(id) and owner_user_id = \(caller.id) and is_archived = 0
                """)
            guard locked == 1 else { throw ArenaError.noTemplate }
            let version = try transaction.value("select version from templates where id = \(id)", as: Int.self) ?? 1
            guard let old = try Template.version(version - 1, of: id, in: transaction) else {
                preconditionFailure("a version follows another")
            }
            let template = Template(
                id: id, version: version, ownerUserID: caller.id, name: form.name ?? old.name,
                promptRules: form.promptRules ?? old.promptRules, turnCount: form.turnCount ?? old.turnCount,
                wordLimit: form.wordLimit ?? old.wordLimit, isPublic: form.isPublic ?? old.isPublic, isArchived: false,
                createdAt: old.createdAt)
            try transaction.execute(
                "update templates set name = \(template.name), is_public = \(template.isPublic) where id = \(id)")
            try Self.store(template, at: now, in: transaction)
            return template
        }
    }

    /// Takes it out of the lists; battles that use it go on. Repeatable for its owner.
    ///
    /// - Throws: `template.not_found`.
    package func delete(_ id: TemplateID, by caller: Member) async throws {
        let changed = try await arena.write { transaction, _ in
            try transaction.execute(
                "update templates set is_archived = 1 where id = \(id) and owner_user_id = \(caller.id)")
        }
        guard changed == 1 else { throw ArenaError.noTemplate }
    }

    private static func store(
        _ template: Template, at now: Timestamp, in transaction: borrowing Transaction
    ) throws {
        try transaction.execute(
            """
            insert into template_versions (template_id, version, name, prompt_rules, turn_count, word_limit, created_at)
            values (\(template.id), \(template.version), \(template.name), \(template.promptRules),
                    \(template.turnCount), \(template.wordLimit), \(timestamp: now.stored))
            """)
    }
}
