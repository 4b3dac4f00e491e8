import Arena

/// All resources of the second product.
enum ArenaRoutes {
    static func all(of arena: Arena) -> [any Route] {
        let entrance = ArenaEntrance(arena: arena)
        return accounts(entrance) + personas(entrance) + rooms(entrance) + battles(entrance) + people(entrance)
    }

    private static func accounts(_ entrance: ArenaEntrance) -> [any Route] {
        [
            SignUpRoute(entrance: entrance), SignInRoute(entrance: entrance), RefreshRoute(entrance: entrance),
            SignOutRoute(entrance: entrance), MyQuota(entrance: entrance), MyBlocks(entrance: entrance),
        ]
    }

    private static func personas(_ entrance: ArenaEntrance) -> [any Route] {
        [
            PersonaList(entrance: entrance), PersonaItem(entrance: entrance), PersonaPreview(entrance: entrance),
            ProfilePublishing(entrance: entrance), ProfileRetraction(entrance: entrance),
            ProfileItem(entrance: entrance), ProfilePosts(entrance: entrance), ProfileFollow(entrance: entrance),
        ]
    }

    private static func rooms(_ entrance: ArenaEntrance) -> [any Route] {
        [
            RoomList(entrance: entrance), RoomItem(entrance: entrance), RoomPosts(entrance: entrance),
            RoomDrafts(entrance: entrance), PostItem(entrance: entrance), PostApproval(entrance: entrance),
            PostThread(entrance: entrance), PostReplies(entrance: entrance), ReplyGeneration(entrance: entrance),
            ReplyItem(entrance: entrance), OperationItem(entrance: entrance),
        ]
    }

    private static func battles(_ entrance: ArenaEntrance) -> [any Route] {
        [
            RoomBattles(entrance: entrance), BattleItem(entrance: entrance), BattleMeta(entrance: entrance),
            BattleVote(entrance: entrance), BattleRemixIntent(entrance: entrance),
            BattleRegeneration(entrance: entrance), BattleCancellation(entrance: entrance),
            TemplateList(entrance: entrance), TemplateItem(entrance: entrance),
        ]
    }

    private static func people(_ entrance: ArenaEntrance) -> [any Route] {
        [
            NotificationsRoute(entrance: entrance), NotificationRead(entrance: entrance),
            NotificationsReadAll(entrance: entrance), EventIntake(entrance: entrance),
            FeedItems(entrance: entrance), Trending(entrance: entrance), ReportIntake(entrance: entrance),
            ReportQueue(entrance: entrance), ReportResolution(entrance: entrance), Analytics(entrance: entrance),
            PersonaDigestToday(entrance: entrance), PersonaDigestLatest(entrance: entrance),
            WeeklyDigestItem(entrance: entrance),
        ]
    }
}
