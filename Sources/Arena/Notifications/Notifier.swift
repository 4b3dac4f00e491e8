import Database
import ProductKit

/// What somebody is told.
package enum NotificationType: String, Sendable, Codable, CaseIterable, SQLEncodable, SQLDecodable {
    case personaFollowed = "persona_followed"
    case templateUsed = "template_used"
    case battleRemixed = "battle_remixed"
    case battleComplete = "battle_complete"
    case replyReceived = "reply_received"
    case draftReady = "draft_ready"

    /// In words; several of one group are one line.
    func title(count: Int) -> String {
        switch (self, count) {
        case (.personaFollowed, 1): "Somebody follows your persona"
        case (.personaFollowed, _): "\(count) people follow your persona"
        case (.templateUsed, 1): "Your template was used in a battle"
        case (.templateUsed, _): "Your template was used in \(count) battles"
        case (.battleRemixed, 1): "Your battle was remixed"
        case (.battleRemixed, _): "Your battle was remixed \(count) times"
        case (.battleComplete, 1): "Your battle has its verdict"
        case (.battleComplete, _): "Your battle has a new verdict"
        case (.replyReceived, 1): "Your post has a new reply"
        case (.replyReceived, _): "Your post has \(count) new replies"
        case (.draftReady, 1): "A draft waits for your approval"
        case (.draftReady, _): "\(count) drafts wait for your approval"
        }
    }
}

/// Writes notifications, in the transaction in which the thing happens.
enum Notifier {
    /// What it is about.
    struct Subject {
        enum Kind: String, SQLEncodable { case post, persona, template, battle }
        let kind: Kind
        let id: String
        init(_ kind: Kind, _ id: String) {
            self.kind = kind
            self.id = id
        }
    }

    /// Tells somebody; nobody is told of what they did themselves, nor of what somebody did whom they have blocked. An
    /// unread one about the same thing is counted up instead.
    static func tell(
        _ user: UserID, _ type: NotificationType, from actor: UserID?, about subject: Subject, _ supplies: Supplies,
        at now: Timestamp, in transaction: borrowing Transaction
    ) throws {
        guard user != actor else { return }
        let group = "\(type.rawValue):\(subject.kind.rawValue):\(subject.id)"
        let id: NotificationID = supplies.ids.next(at: now)
        try transaction.execute(
            """
            insert into notifications (id, user_id, actor_user_id, type, group_key, target_kind, target_id, created_at)
            select \(id), \(user), \(actor), \(type), \(group), \(subject.kind), \(subject.id), \(timestamp: now.stored)
             where not exists (select 1 from blocks
                                where user_id = \(user) and target_kind = 'user' and target_id = \(actor))
            on conflict (user_id, group_key) where read_at is null do update
               set group_count = notifications.group_count + 1, actor_user_id = excluded.actor_user_id,
                   created_at = excluded.created_at
            """)
    }
}
