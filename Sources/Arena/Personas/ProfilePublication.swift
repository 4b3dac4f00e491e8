import Database
import Foundation
import ProductKit

/// A profile as its owner has published it, or taken it back.
package struct ProfilePublication: Sendable, Encodable, Equatable {
    package let slug: String
    package let shareURL: String
    package let isPublic: Bool

    enum CodingKeys: String, CodingKey {
        case slug
        case shareURL = "shareUrl"
        case isPublic
    }

    init(slug: String, isPublic: Bool) {
        self.slug = slug
        shareURL = "/p/\(slug)"
        self.isPublic = isPublic
    }
}

/// What an owner wants a public profile to be like.
package struct ProfileForm: Sendable {
    package var slug: String?
    package var bio: String?
    package init(slug: String? = nil, bio: String? = nil) {
        self.slug = slug
        self.bio = bio
    }

    /// - Throws: `request.malformed`; `validation.failed`.
    package static func read(_ body: [UInt8]) throws -> ProfileForm {
        var reader = try FieldReader(body: body)
        let slug = reader.text("slug", length: 1...Slug.lengthMax)
        if let slug, slug.wholeMatch(of: /[a-z0-9]+(-[a-z0-9]+)*/) == nil {
            reader.complain("slug", "must be lower-case letters, digits and single hyphens")
        }
        let form = ProfileForm(slug: slug, bio: reader.text("bio", length: 0...500, allowsLines: true))
        try reader.close()
        return form
    }
}

extension Personas {
    /// Makes the persona's page public. Repeatable: the page keeps its address unless another is asked for.
    ///
    /// - Throws: `persona.not_found`; `profile.slug_exhausted`.
    package func publishProfile(
        _ id: PersonaID, _ form: ProfileForm, of caller: Member
    ) async throws -> ProfilePublication {
        try await arena.write { transaction, _ in
            let now = try transaction.instant()
            let persona = try Persona.require(id, of: caller.id, in: transaction)
            let known = try transaction.value("select slug from profiles where persona_id = \(id)", as: String.self)
            let slug: String
            if let known, form.slug == nil || form.slug == known {
                slug = known
            } else {
                slug = try Self.takeSlug(form.slug ?? Slug.make(persona.name), for: id, in: transaction)
            }
            let bio = form.bio ?? persona.bio
            try transaction.execute(
                """
                insert into profiles (persona_id, slug, is_public, bio, published_at, updated_at)
                values (\(id), \(slug), 1, \(bio), \(timestamp: now.stored), \(timestamp: now.stored))
                on conflict (persona_id) do update
                   set slug = excluded.slug, is_public = 1, bio = excluded.bio,
                       published_at = coalesce(profiles.published_at, excluded.published_at),
                       updated_at = excluded.updated_at
                """)
            return ProfilePublication(slug: slug, isPublic: true)
        }
    }

    /// Takes the page back; its address stays the persona's. Repeatable.
    ///
    /// - Throws: `persona.not_found`; `profile.not_found` when there never was one.
    package func unpublishProfile(_ id: PersonaID, of caller: Member) async throws -> ProfilePublication {
        try await arena.write { transaction, _ in
            _ = try Persona.require(id, of: caller.id, in: transaction)
            let now = try transaction.instant()
            try transaction.execute(
                "update profiles set is_public = 0, updated_at = \(timestamp: now.stored) where persona_id = \(id)")
            guard
                let slug = try transaction.value(
                    "select slug from profiles where persona_id = \(id)", as: String.self)
            else { throw ArenaError(.profileNotFound, "This persona has no profile.") }
            return ProfilePublication(slug: slug, isPublic: false)
        }
    }

    /// The wish, or `wish-2`, `wish-3`, … : the first that nobody else ever had.
    ///
    /// Of two that want the same at once, the second's insert waits for the first to commit and then does nothing.
    private static func takeSlug(
        _ wish: String, for id: PersonaID, in transaction: borrowing Transaction
    ) throws -> String {
        for number in 1...Slug.collisionsMax {
            let slug = number == 1 ? wish : "\(wish.prefix(Slug.lengthMax - 5))-\(number)"
            let taken = try transaction.execute(
                """
                insert into profile_slugs (slug, persona_id) values (\(slug), \(id)) on conflict (slug) do nothing
                """)
            if taken == 1 { return slug }
            let owner = try transaction.value(
                "select persona_id from profile_slugs where slug = \(slug)", as: PersonaID.self)
            if owner == id { return slug }
        }
        throw ArenaError(
            .profileSlugExhausted, "Too many profiles have that address.", hint: "Choose another slug.")
    }
}

/// The part of an address that names a profile.
enum Slug {
    static let lengthMax = 64
    static let collisionsMax = 200

    /// - Returns: lower-case Latin letters, digits and hyphens; `persona` for a name without any.
    static func make(_ name: String) -> String {
        let latin = name.applyingTransform(.toLatin, reverse: false) ?? name
        let folded = latin.folding(options: [.diacriticInsensitive, .caseInsensitive, .widthInsensitive], locale: nil)
        let parts = folded.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
        let slug = parts.joined(separator: "-").prefix(lengthMax - 8)
        let trimmed = slug.hasSuffix("-") ? slug.dropLast() : slug
        return trimmed.isEmpty ? "persona" : String(trimmed)
    }
}
