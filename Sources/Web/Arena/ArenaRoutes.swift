import Arena
import Cards
import Limits

/// All resources of the second product, in groups that share their limits.
struct ArenaRoutes: Sendable {
    private let entrance: ArenaEntrance
    private let pictures = CardPictures()
    private let publicURL: String?

    /// - Parameter publicURL: the address that people use; it stands on cards.
    init(of arena: Arena, addresses: ClientAddresses, publicURL: String?) {
        entrance = ArenaEntrance(arena: arena, addresses: addresses)
        self.publicURL = publicURL
    }

    /// - Parameter limit: makes a rule a limit of this server.
    func groups(_ limit: (LimitRule) -> RateLimit) -> [RouteGroup] {
        let read = limit(.byAddress(writing: nil))
        return [
            RouteGroup(accounts, limits: [limit(.byAddress())]),
            RouteGroup(readByAnybody, limits: [read]),
            RouteGroup(sentByAnybody, limits: [limit(.byAddress(reading: nil).forStrangers)]),
            RouteGroup(
                [EventIntake(entrance: entrance)],
                limits: [limit(.byAddress(reading: nil).forStrangers), limit(byUser(.events).forMembers)]),
            RouteGroup([RoomBattles(entrance: entrance)], limits: [limit(byUser(.battles))]),
            RouteGroup([TemplateList(entrance: entrance)], limits: [read, limit(byUser(.templates))]),
            RouteGroup(own),
        ]
    }

    /// What a signed-in user sends; others are told to sign in.
    private func byUser(_ policy: LimitPolicy) -> LimitRule {
        .by({ [entrance] call in .user(try await entrance.caller(of: call).id.description) }, writing: policy)
    }

    private var accounts: [any Route] {
        [
            SignUpRoute(entrance: entrance), SignInRoute(entrance: entrance), RefreshRoute(entrance: entrance),
            SignOutRoute(entrance: entrance),
        ]
    }

    private var readByAnybody: [any Route] {
        [
            RoomList(entrance: entrance), RoomItem(entrance: entrance), RoomPosts(entrance: entrance),
            PostItem(entrance: entrance), PostThread(entrance: entrance), ProfileItem(entrance: entrance),
            ProfilePosts(entrance: entrance), ProfileFollow(entrance: entrance), Trending(entrance: entrance),
            BattleItem(entrance: entrance), BattleMeta(entrance: entrance),
            BattleCardPicture(entrance: entrance, pictures: pictures, publicURL: publicURL),
            TemplateItem(entrance: entrance),
        ]
    }

    private var sentByAnybody: [any Route] {
        [
            BattleVote(entrance: entrance), BattleRemixIntent(entrance: entrance), ReportIntake(entrance: entrance),
        ]
    }

    /// A user's own, and the moderators'.
    private var own: [any Route] {
        [
            MyQuota(entrance: entrance), MyBlocks(entrance: entrance), PersonaList(entrance: entrance),
            PersonaItem(entrance: entrance), PersonaPreview(entrance: entrance),
            ProfilePublishing(entrance: entrance), ProfileRetraction(entrance: entrance),
            RoomDrafts(entrance: entrance), PostApproval(entrance: entrance), PostReplies(entrance: entrance),
            ReplyGeneration(entrance: entrance), ReplyItem(entrance: entrance), OperationItem(entrance: entrance),
            BattleRegeneration(entrance: entrance), BattleCancellation(entrance: entrance),
            NotificationsRoute(entrance: entrance), NotificationRead(entrance: entrance),
            NotificationsReadAll(entrance: entrance), FeedItems(entrance: entrance), ReportQueue(entrance: entrance),
            ReportResolution(entrance: entrance), Analytics(entrance: entrance),
            PersonaDigestToday(entrance: entrance), PersonaDigestLatest(entrance: entrance),
            WeeklyDigestItem(entrance: entrance),
        ]
    }
}
