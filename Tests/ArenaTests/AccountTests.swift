import Database
import Engine
import Foundation
import ProductKit
import TestSupport
import Testing

@testable import Arena

@Suite struct `An account` {
    @Test(arguments: DatabaseFixture.all)
    func `is made once for an address`(_ fixture: DatabaseFixture) async throws {
        try await Lounge.open(fixture) { lounge in
            let form = try SignUp.read(Array(#"{"email": "ADA@example.org", "password": "12345678"}"#.utf8))

            #expect(try await refusal { try await lounge.arena.accounts.signUp(form) } == .emailTaken)
            #expect(form.displayName == "ada")
            #expect(try await lounge.count("select count(*) from users") == 2)
            #expect(try await lounge.count("select count(*) from tenants") == 2)
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `is one of many that want the same address at once`(_ fixture: DatabaseFixture) async throws {
        try await Lounge.open(fixture) { lounge in
            let form = SignUp(email: "eve@example.org", password: "12345678", displayName: "Eve", timeZone: "UTC")
            let made = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<8 {
                    group.addTask { try await refusal { try await lounge.arena.accounts.signUp(form) } == nil }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }

            #expect(made == 1)
            #expect(try await lounge.count("select count(*) from users where email = 'eve@example.org'") == 1)
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `is opened by its password alone`(_ fixture: DatabaseFixture) async throws {
        try await Lounge.open(fixture) { lounge in
            let accounts = lounge.arena.accounts
            let signedIn = try await accounts.signIn(SignIn(email: "ada@example.org", password: Lounge.password))

            #expect(try await accounts.authenticate(signedIn.token).id == lounge.ada.id)
            let wrong = await #expect(throws: ArenaError.self) {
                try await accounts.signIn(SignIn(email: "ada@example.org", password: "wrong password"))
            }
            let unknown = await #expect(throws: ArenaError.self) {
                try await accounts.signIn(SignIn(email: "nobody@example.org", password: Lounge.password))
            }
            #expect(wrong?.description == unknown?.description)
            #expect(wrong?.code == .credentialsInvalid)
        }
    }

    @Test func `costs the same work whether it exists or not`() async throws {
        let cost = Passwords.Cost(logRounds: 14, blockSize: 8, parallelism: 1)
        let passwords = Passwords(cost: cost, random: RandomSource(EngineChance(seed: 1)))
        let stored = try await passwords.hash("a password")
        func time(_ hash: String?) async throws -> Duration {
            var best = Duration.seconds(60)
            for _ in 0..<5 {
                let begin = ContinuousClock.now
                #expect(try await !passwords.matches("another", hash))
                best = min(best, begin.duration(to: .now))
            }
            return best
        }

        let (known, unknown) = (try await time(stored), try await time(nil))

        #expect(unknown > known / 3)
        #expect(unknown < known * 3)
    }

    @Test func `keeps no password that could be read`() async throws {
        let passwords = Passwords(
            cost: .init(logRounds: 4, blockSize: 8, parallelism: 1), random: RandomSource(EngineChance(seed: 1)))

        let (one, other) = (try await passwords.hash("pass\u{65}\u{301}"), try await passwords.hash("pass\u{e9}"))

        #expect(one != other)
        #expect(one.hasPrefix("$scrypt$ln=4,r=8,p=1$"))
        #expect(try await passwords.matches("pass\u{e9}", one))
        #expect(try await !passwords.matches("passe", one))
        #expect(try await !passwords.matches("passe", "nonsense"))
    }
}

@Suite struct `A session` {
    @Test(arguments: DatabaseFixture.all)
    func `rotates its refresh token`(_ fixture: DatabaseFixture) async throws {
        try await Lounge.open(fixture) { lounge in
            let accounts = lounge.arena.accounts
            let first = try await accounts.signIn(SignIn(email: "ada@example.org", password: Lounge.password))
            let second = try await accounts.refresh(first.refreshToken)
            let third = try await accounts.refresh(second.refreshToken)

            #expect(Set([first, second, third].map(\.refreshToken)).count == 3)
            #expect(try await accounts.authenticate(third.token).id == lounge.ada.id)
            #expect(try await refusal { try await accounts.refresh("art_unknown") } == .tokenInvalid)
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `ends when a refresh token comes twice`(_ fixture: DatabaseFixture) async throws {
        try await Lounge.open(fixture) { lounge in
            let accounts = lounge.arena.accounts
            let first = try await accounts.signIn(SignIn(email: "ada@example.org", password: Lounge.password))
            let second = try await accounts.refresh(first.refreshToken)

            #expect(try await refusal { try await accounts.refresh(first.refreshToken) } == .sessionReused)

            #expect(try await refusal { try await accounts.refresh(second.refreshToken) } == .tokenInvalid)
            #expect(try await refusal { try await accounts.authenticate(second.token) } == .tokenInvalid)
            #expect(
                try await accounts.authenticate(
                    accounts.signIn(
                        SignIn(email: "ada@example.org", password: Lounge.password)
                    ).token
                ).id == lounge.ada.id)
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `gives one of many that refresh at once the next token`(_ fixture: DatabaseFixture) async throws {
        try await Lounge.open(fixture) { lounge in
            let accounts = lounge.arena.accounts
            let first = try await accounts.signIn(SignIn(email: "ada@example.org", password: Lounge.password))
            let rotated = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<8 {
                    group.addTask { try await refusal { try await accounts.refresh(first.refreshToken) } == nil }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }

            #expect(rotated == 1)
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `is over at once when somebody signs out`(_ fixture: DatabaseFixture) async throws {
        try await Lounge.open(fixture) { lounge in
            let accounts = lounge.arena.accounts
            let signedIn = try await accounts.signIn(SignIn(email: "ada@example.org", password: Lounge.password))
            try await accounts.signOut(accounts.authenticate(signedIn.token))

            #expect(try await refusal { try await accounts.authenticate(signedIn.token) } == .tokenInvalid)
            #expect(try await refusal { try await accounts.refresh(signedIn.refreshToken) } == .tokenInvalid)
            #expect(
                try await accounts.authenticate(
                    accounts.signIn(
                        SignIn(email: "ada@example.org", password: Lounge.password)
                    ).token
                ).id == lounge.ada.id)
        }
    }
}

@Suite struct `A token` {
    private let now = Timestamp(milliseconds: 1_800_000_000_000)
    private let user = UserID(rawValue: "019a0000-0000-7000-8000-00000000000a")
    private let session = SessionID(rawValue: "019a0000-0000-7000-8000-00000000000b")

    @Test func `needs a secret that cannot be guessed`() async {
        await #expect(throws: WeakTokenSecret.self) {
            try await AccessTokens(secret: Array(repeating: 1, count: 31), life: .seconds(60))
        }
    }

    @Test func `expires`() async throws {
        let tokens = try await AccessTokens(secret: Lounge.secret, life: .seconds(60))
        let token = try await tokens.issue(user, session, at: now)

        #expect(try await tokens.read(token, at: now.adding(.seconds(59))).user == user)
        await #expect(throws: ArenaError.self) { try await tokens.read(token, at: now.adding(.seconds(60))) }
    }

    @Test(arguments: ["none", "HS512", "HS384", "RS256", "hs256"])
    func `is of one algorithm, whatever its header says`(_ algorithm: String) async throws {
        let tokens = try await AccessTokens(secret: Lounge.secret, life: .seconds(60))
        let parts = try await tokens.issue(user, session, at: now).split(separator: ".").map(String.init)
        let header = Data(#"{"alg":"\#(algorithm)","typ":"JWT"}"#.utf8).base64URL

        for signature in [parts[2], ""] {
            await #expect(throws: ArenaError.self) {
                try await tokens.read("\(header).\(parts[1]).\(signature)", at: now)
            }
        }
    }

    @Test func `opens nothing when it is for another use or of another server`() async throws {
        let tokens = try await AccessTokens(secret: Lounge.secret, life: .seconds(60))
        let others = try await AccessTokens(secret: Array(repeating: 7, count: 32), life: .seconds(60))
        let remix = try await tokens.sign(
            .init(use: .remix, subject: user.rawValue, id: session.rawValue, expiresAt: now.adding(.seconds(60))))
        let foreign = try await others.issue(user, session, at: now)

        for token in [remix, foreign, "", "a.b.c", String(repeating: "x", count: 5_000)] {
            await #expect(throws: ArenaError.self) { try await tokens.read(token, at: now) }
        }
    }
}

@Suite struct `A sign-up form` {
    @Test(arguments: [
        (#"{"email": "x", "password": "12345678"}"#, ["email"]),
        (#"{"email": "ada@example.org", "password": "1234567"}"#, ["password"]),
        (#"{"email": "a b@example.org", "password": "12345678", "time_zone": "Mars/North"}"#, ["email", "time_zone"]),
        (#"{"email": "ada@example.org", "password": "12345678", "rolle": "admin"}"#, ["rolle"]),
        ("{}", ["email", "password"]),
    ])
    func `says everything that is wrong with it`(_ body: String, _ fields: [String]) {
        let error = #expect(throws: ArenaError.self) { try SignUp.read(Array(body.utf8)) }

        #expect(error?.problems.map(\.field) == fields)
    }

    @Test(arguments: ["[]", "{", "\"x\""])
    func `is one JSON object`(_ body: String) {
        #expect(throws: ArenaError.self) { try SignUp.read(Array(body.utf8)) }
    }
}
