extension Scenario {
    /// The same world with nobody in it but single blogs, ninety seconds apart: what one waits then is the system's own pace.
    package var idle: Scenario {
        var idle = self
        idle.blogs = 0
        idle.sites = 1
        idle.lateSingles = 20
        idle.lateFrom = .zero
        idle.lateTo = .seconds(30 * 60)
        idle.killEvery = nil
        idle.pausesFirstSite = false
        return idle
    }
}
