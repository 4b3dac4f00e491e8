import Testing

@Suite struct `A single reply` {
    @Test func `hardly waits for somebody else's five thousand`() throws {
        let idle = try ReplyCrowd(posts: 0).run()

        let busy = try ReplyCrowd(posts: 100).run()

        print(
            "a reply beside \(busy.queued) others:", busy.mean, "s on the average,", busy.longest, "at most; idle",
            idle.mean, "and", idle.longest)
        #expect(busy.queued > 4_000)
        #expect(busy.refusals == 0)
        #expect(idle.waits.count == 20 && busy.waits.count == 20)
        #expect(busy.mean <= 1.2 * idle.mean, "\(busy.mean) s instead of \(idle.mean) s")
    }

    /// What the turns are good for, and a look whether the figure above measures them.
    @Test func `would wait for five hundred if they were its own tenant's`() throws {
        let idle = try ReplyCrowd(posts: 0).run()

        let line = try ReplyCrowd(posts: 10, singles: 5, isOneTenant: true).run()

        #expect(line.mean > 5 * idle.mean, "\(line.mean) s instead of \(idle.mean) s")
    }
}
