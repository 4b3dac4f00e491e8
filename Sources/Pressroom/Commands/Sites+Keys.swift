import ArgumentParser
import Blog

extension Sites {
    struct Keys: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List a site's keys, by how they begin.", discussion: "No key can be read again.")
        @OptionGroup var common: CommonOptions
        @Argument(help: "The site's id.") var id: String

        func run() async throws {
            try await Jobs.with(common) { installation in
                let keys = try await installation.sites.keys(of: installation.sites.find(id))
                if common.json { return JSONReport.print(["keys": keys]) }
                let rows = keys.map { ["\($0.prefix)…", "\($0.createdAt)", $0.revokedAt.map { "\($0)" } ?? "–"] }
                TextReport.print(TextReport.table([["KEY", "ISSUED", "REVOKED"]] + rows))
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "End one of a site's keys, at once.")
        @OptionGroup var common: CommonOptions
        @Argument(help: "The site's id.") var id: String
        @Argument(help: "How the key begins, as `sites keys` shows it, or the key itself.") var key: String

        func run() async throws {
            try await Jobs.with(common) { installation in
                let sites = installation.sites
                let site = try await sites.find(id)
                let begin = key.hasSuffix("…") ? String(key.dropLast()) : key
                let meant = try await sites.keys(of: site).filter {
                    $0.revokedAt == nil && ($0.prefix.hasPrefix(begin) || begin.hasPrefix($0.prefix))
                }
                guard let only = meant.first, meant.count == 1 else {
                    throw CommandError(
                        "key.not_found",
                        meant.isEmpty
                            ? "Site \(id) has no key in use that begins so."
                            : "\(meant.count) keys of site \(id) begin so.",
                        hint: "`pressroom sites keys \(id)` shows how each begins.", status: .noInput)
                }
                try await sites.revoke(only.id, of: site)
                if common.json { return JSONReport.print(["revoked": only.prefix]) }
                TextReport.print("\(only.prefix)… opens nothing any more.")
            }
        }
    }
}
