import Foundation
import Outbound
import TestSupport
import Testing

@testable import Publishers

@Suite struct `A signed instance of Wix` {
    /// A test vector of ours: the secret `app-secret-0001`, an owner, good until 04:00 on 21 November 2026.
    static let signed =
        "5FEa03fkirz8r1bEEua8dpfRoUKA8Z2EfooN2dpaOp0.eyJpbnN0YW5jZUlkIjoiMTExMTExMTEtMjIyMi0zMzMzLTQ0NDQtNTU1NTU1NTU1NTU1"
        + "IiwiYXBwRGVmSWQiOiJhYWFhYWFhYS0wMDAwLTAwMDAtMDAwMC0wMDAwMDAwMDAwMDEiLCJzaWduRGF0ZSI6IjIwMjYtMTEtMjFUMDA6MDA6MDAu"
        + "MDAwWiIsInVpZCI6ImJiYmJiYmJiLTAwMDAtMDAwMC0wMDAwLTAwMDAwMDAwMDAwMSIsInBlcm1pc3Npb25zIjoiT1dORVIiLCJkZW1vTW9kZSI6"
        + "ZmFsc2UsInNpdGVPd25lcklkIjoiYmJiYmJiYmItMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAxIiwiZXhwaXJhdGlvbkRhdGUiOiIyMDI2LTEx"
        + "LTIxVDA0OjAwOjAwLjAwMFoifQ"
    static let signedAt = Date(timeIntervalSince1970: 1_795_219_200)

    @Test func `names the site whose owner calls`() throws {
        #expect(try reader().owner(in: Self.signed, now: Self.signedAt) == "11111111-2222-3333-4444-555555555555")
    }

    @Test func `is good for four hours, for one app and with its secret`() throws {
        #expect(try reader().owner(in: Self.signed, now: Self.signedAt + 4 * 3_600 + 1) == nil)
        #expect(try reader(id: "another").owner(in: Self.signed, now: Self.signedAt) == nil)
        #expect(try reader(secret: "app-secret-0002").owner(in: Self.signed, now: Self.signedAt) == nil)
    }

    @Test func `is nothing when a character of it is another`() throws {
        let reader = try reader()
        let characters = Array(Self.signed)
        for index in characters.indices where characters[index] != "." {
            var forged = characters
            forged[index] = forged[index] == "A" ? "Q" : "A"
            // The last characters of each half hold bits that mean nothing.
            let isEnd = index + 1 == characters.count || characters[index + 1] == "."
            if !isEnd { #expect(reader.owner(in: String(forged), now: Self.signedAt) == nil, "\(index)") }
        }
        for text in ["", ".", "..", "a.b.c", Self.signed + ".", String(repeating: "a", count: 10_000)] {
            #expect(reader.owner(in: text, now: Self.signedAt) == nil)
        }
    }

    @Test func `is refused when somebody else than the owner calls`() throws {
        let signed = WixSigner.instance("i", app: "app", secret: "s", until: Self.signedAt + 60, permissions: "")
        let own = WixSigner.instance("i", app: "app", secret: "s", until: Self.signedAt + 60)
        let reader = try reader(id: "app", secret: "s")

        #expect(reader.owner(in: signed, now: Self.signedAt) == nil)
        #expect(reader.owner(in: own, now: Self.signedAt) == "i")
    }

    private func reader(
        id: String = "aaaaaaaa-0000-0000-0000-000000000001", secret: String = "app-secret-0001"
    ) throws -> WixSignedInstance {
        WixSignedInstance(
            WixApp(baseURL: try OutboundURL("https://www.wixapis.com"), id: id, secret: Secret(secret)))
    }
}

@Suite struct `A webhook of Wix` {
    let signer: WixSigner
    let now = Date(timeIntervalSince1970: 1_795_219_200)

    init() throws { signer = try WixSigner() }

    @Test func `says what has become of the app on a site`() throws {
        let event = try #require(reader().event(in: signer.jwt("AppRemoved", "site-1", at: now), now: now))

        #expect(event.kind == .removed)
        #expect(event.instance == "site-1")
        #expect(event.at == now)
        #expect(
            try reader().event(in: signer.jwt("wix.blog.v3.post_created", "site-1", at: now), now: now)?.kind == nil)
    }

    @Test func `has the same digest each time it comes, and another has another`() throws {
        let reader = try reader()
        let body = try signer.jwt("AppRemoved", "site-1", at: now)
        let first = reader.event(in: body, now: now)
        let again = reader.event(in: body, now: now + 60)
        let other = reader.event(in: try signer.jwt("AppRemoved", "site-1", at: now + 1), now: now + 1)

        #expect(first?.digest == again?.digest)
        #expect(first?.digest != other?.digest)
    }

    @Test func `is nothing when it was forged`() throws {
        let reader = try reader()
        let body = try signer.jwt("AppRemoved", "site-1", at: now)
        let stranger = try WixSigner().jwt("AppRemoved", "site-1", at: now)
        let none = Array("eyJhbGciOiJub25lIn0.\(String(decoding: body.split(separator: 46)[1], as: UTF8.self)).".utf8)
        var reserialised = String(decoding: body, as: UTF8.self)
        reserialised.replace(".", with: ".A", maxReplacements: 1)

        for forged in [[], stranger, none, Array(reserialised.utf8), Array(body.dropLast(5)), Array(#"{"a":1}"#.utf8)] {
            #expect(reader.event(in: forged, now: now) == nil)
        }
    }

    @Test func `is nothing when its time is over or has not come`() throws {
        let reader = try reader()
        let body = try signer.jwt("AppRemoved", "site-1", at: now)

        #expect(reader.event(in: body, now: now + 3 * 86_400) == nil)
        #expect(reader.event(in: body, now: now - 3_600) == nil)
    }

    @Test func `needs a key that is one`() {
        #expect(throws: (any Error).self) { try WixWebhooks(pem: "no key") }
    }

    private func reader() throws -> WixWebhooks { try WixWebhooks(pem: signer.publicKey) }
}
