import ArgumentParser
import Blog
import Foundation
import Publishers

struct Sites: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The sites that may ask for articles, and their keys.",
        subcommands: [
            List.self, Add.self, Key.self, Keys.self, Revoke.self, Connect.self, Disconnect.self, Reseal.self,
            Test.self,
            Remove.self,
        ])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the registered sites.")
        @OptionGroup var common: CommonOptions
        func run() async throws {
            try await Jobs.with(common) { installation in
                let sites = try await installation.sites.list()
                if common.json { return JSONReport.print(["sites": sites.map(SiteReport.init)]) }
                guard !sites.isEmpty else {
                    return TextReport.print("No sites yet. Add one: pressroom sites add my-site")
                }
                let rows = sites.map {
                    [
                        $0.instanceID, $0.name, $0.settings.language, $0.settings.publishMode.rawValue,
                        $0.closedAt == nil ? "" : "removed",
                    ]
                }
                TextReport.print(TextReport.table([["ID", "NAME", "LANGUAGE", "PUBLISHES", ""]] + rows))
            }
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Register a site and show its first key, once.")
        @OptionGroup var common: CommonOptions
        @Argument(help: "The site's id: letters, digits, -, _ and .") var id: String
        @Option(help: "The site's name. Default: its id.") var name: String?
        @Option(help: "Where its posts appear: folder or wix. Default: as PUBLISHER says.") var publisher:
            PublisherKind?

        func run() async throws {
            try await Jobs.with(common) { installation in
                var settings = SiteSettings()
                settings.publisher = publisher
                let site = try await installation.sites.add(instanceID: id, name: name ?? id, settings: settings)
                try await Sites.show(installation.sites.issueKey(for: site), of: site, common)
            }
        }
    }

    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check that posts can be made on a site, without making one.")
        @OptionGroup var common: CommonOptions
        @Argument(help: "The site's id.") var id: String
        private static let deadline = Duration.seconds(20)

        func run() async throws {
            try await Jobs.with(common) { installation in
                let site = try await installation.sites.find(id)
                let publisher = try await installation.publisher(site.instanceID)
                let found = try await publisher.checkConnection(deadline: Self.deadline)
                if common.json { return JSONReport.print(["site": site.instanceID, "detail": found]) }
                TextReport.print("ok  \(found)")
            }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End a site's keys, and its owner's entrance from Wix, and pause it. What it has made stays.",
            discussion: "`pressroom sites key` and `pressroom tenants resume` bring it back.")
        @OptionGroup var common: CommonOptions
        @Argument(help: "The site's id.") var id: String

        func run() async throws {
            try await Jobs.with(common) { installation in
                let ended = try await installation.sites.close(installation.sites.find(id))
                if common.json { return JSONReport.print(["keysEnded": ended]) }
                TextReport.print("Site \(id) is paused, and \(ended) of its keys open nothing any more.")
            }
        }
    }

    struct Key: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Issue another key for a site and show it, once.")
        @OptionGroup var common: CommonOptions
        @Argument(help: "The site's id.") var id: String

        func run() async throws {
            try await Jobs.with(common) { installation in
                let site = try await installation.sites.find(id)
                try await Sites.show(installation.sites.issueKey(for: site), of: site, common)
            }
        }
    }

    private struct SiteReport: Encodable {
        let id: String
        let name: String
        let language: String
        let removed: Bool
        init(_ site: Site) {
            id = site.instanceID
            name = site.name
            language = site.settings.language
            removed = site.closedAt != nil
        }
    }

    private static func show(_ key: IssuedKey, of site: Site, _ common: CommonOptions) {
        if common.json { return JSONReport.print(["site": site.instanceID, "key": key.key]) }
        TextReport.print("Site \(site.instanceID). Its key, shown only now:\n\n  \(key.key)\n")
        TextReport.print("Send it as `Authorization: Bearer \(key.key.prefix(8))…`")
    }
}
