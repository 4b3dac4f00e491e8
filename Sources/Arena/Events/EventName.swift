import Database

/// What is counted. Every other name is refused.
package enum EventName: String, Sendable, CaseIterable, SQLEncodable, SQLDecodable {
    case personaCreated = "persona_created"
    case previewGenerated = "preview_generated"
    case postApproved = "post_approved"
    case battleCreated = "battle_created"
    case battleCompleted = "battle_completed"
    case battleVoted = "battle_voted"
    case remixStarted = "remix_started"
    case remixCompleted = "remix_completed"
    case reportSubmitted = "report_submitted"
    case signupFromShare = "signup_from_share"
    case publicProfileViewed = "public_profile_viewed"
    case publicBattleViewed = "public_battle_viewed"
    case battleShared = "battle_shared"
    case remixClicked = "remix_clicked"
    case followClick = "follow_click"
    case unfollow
    case dailyReturn = "daily_return"
    case notificationClicked = "notification_clicked"
    case templateUsedFromFeed = "template_used_from_feed"
    case cardCopied = "card_copied"
    case digestOpened = "digest_opened"
    case feedItemHidden = "feed_item_hidden"

    /// Recorded by the server when the thing itself happens: from outside it could only be a forgery.
    package var isServerOnly: Bool {
        switch self {
        case .personaCreated, .previewGenerated, .postApproved, .battleCreated, .battleCompleted, .battleVoted,
            .remixStarted, .remixCompleted, .reportSubmitted, .signupFromShare:
            true
        default: false
        }
    }

    /// The members that its metadata may have; everything else is dropped, texts above all.
    var keys: Set<String> {
        switch self {
        case .battleShared, .cardCopied, .publicBattleViewed, .remixClicked:
            ["battle_id", "source_battle_id", "channel", "source"]
        case .publicProfileViewed, .followClick, .unfollow: ["slug", "persona_id", "source"]
        case .notificationClicked: ["notification_id", "type"]
        case .templateUsedFromFeed: ["template_id", "source"]
        case .feedItemHidden: ["item_id", "kind", "battle_id"]
        case .digestOpened: ["period"]
        default: ["battle_id", "source_battle_id", "template_id", "persona_id", "kind", "source"]
        }
    }

    /// What makes a second one of the same actor a duplicate; nil counts each.
    func dedupeKey(actor: String, about target: String?, day: String, halfHour: Int64) -> String? {
        let target = target ?? ""
        return switch self {
        case .dailyReturn: "\(rawValue):\(actor):\(day)"
        case .publicBattleViewed, .publicProfileViewed: "\(rawValue):\(actor):\(target):\(halfHour)"
        case .battleShared, .cardCopied, .remixClicked, .followClick, .unfollow, .digestOpened, .templateUsedFromFeed:
            "\(rawValue):\(actor):\(target):\(day)"
        case .notificationClicked, .feedItemHidden: "\(rawValue):\(actor):\(target)"
        default: nil
        }
    }
}
