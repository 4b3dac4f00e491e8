import Arena
import ArgumentParser

struct Users: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The people who have signed up for Arena.", subcommands: [Role.self])

    struct Role: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make somebody a moderator or an administrator, or a user again.",
            discussion: "Holds at once, for everything they ask from then on.")
        @OptionGroup var common: CommonOptions
        @Argument(help: "The e-mail address they sign in with.") var email: String
        @Argument(help: "user, moderator or admin.") var role: String

        func validate() throws {
            guard Member.Role(rawValue: role) != nil else {
                throw ValidationError("a role is user, moderator or admin")
            }
        }

        func run() async throws {
            guard let role = Member.Role(rawValue: role) else { return }
            try await Jobs.with(common) { installation in
                guard try await Accounts.grant(role, to: email, on: installation.engine) else {
                    throw CommandError(
                        "user.not_found", "Nobody has signed up as \(email).", hint: "Check the address.",
                        status: .noInput)
                }
                if common.json { return JSONReport.print(["email": email, "role": role.rawValue]) }
                TextReport.print("\(email) is \(role == .admin ? "an" : "a") \(role.rawValue).")
            }
        }
    }
}
