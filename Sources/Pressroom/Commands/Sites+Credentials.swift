import ArgumentParser
import Blog
import Foundation
import Outbound

extension Sites {
    struct Connect: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give a site a Wix app of its own, in place of the installation's.",
            discussion: """
                The app's secret is read from the first line of standard input, so that no list of processes shows it. It is \
                stored sealed, and shown to nobody again.
                """)
        @OptionGroup var common: CommonOptions
        @Argument(help: "The site's id: the instance id of that app.") var id: String
        @Option(help: "The app's id.") var appID: String

        func run() async throws {
            guard let secret = readLine()?.trimmingCharacters(in: .whitespaces), secret.count >= 8 else {
                throw CommandError(
                    "credentials.no_secret", "There is no secret on standard input.",
                    hint: "pressroom sites connect \(id) --app-id \(appID) < file-with-the-secret", status: .noInput)
            }
            try await Jobs.with(common) { installation in
                let site = try await installation.sites.find(id)
                let note = try await installation.sites.credentials.set(
                    WixCredentials(appID: appID, appSecret: Secret(secret)), of: site)
                if common.json { return JSONReport.print(["credentials": note]) }
                TextReport.print("Site \(id) has an app of its own. Try it: pressroom sites test \(id)")
            }
        }
    }

    struct Disconnect: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take a site's own Wix app away; the installation's opens it then.")
        @OptionGroup var common: CommonOptions
        @Argument(help: "The site's id.") var id: String

        func run() async throws {
            try await Jobs.with(common) { installation in
                let sites = installation.sites
                let wasThere = try await sites.credentials.remove(of: sites.find(id))
                if common.json { return JSONReport.print(["removed": wasThere]) }
                TextReport.print(wasThere ? "Its credentials are gone." : "Site \(id) had none.")
            }
        }
    }

    struct Reseal: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Seal all stored credentials anew, with the first key of CREDENTIALS_KEY_FILE.",
            discussion: """
                Put a new key behind the old one, start all processes again, put it before the old one, start them again, \
                run this, take the old key away.
                """)
        @OptionGroup var common: CommonOptions

        func run() async throws {
            try await Jobs.with(common) { installation in
                let count = try await installation.sites.credentials.reseal()
                if common.json { return JSONReport.print(["resealed": count]) }
                TextReport.print("\(count) credentials were sealed anew.")
            }
        }
    }
}
