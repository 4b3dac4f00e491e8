/// Addresses by which a stranger tries to reach what is not meant for strangers.
enum HostileURLs {
    /// A name, and what a name service says it means.
    struct Name: Sendable {
        let text: String
        let addresses: [String]
    }

    /// Written addresses: none is worth a look-up, let alone a connection.
    ///
    /// - Parameter port: where somebody listens on loopback.
    static func texts(port: Int) -> [String] {
        let written = privateQuads.flatMap(notations).map { "https://\($0)/" }
        let listening = ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "127.1", "0"].flatMap {
            ["http://\($0):\(port)/", "https://\($0):\(port)/", "HTTPS://\($0):\(port)/a?b=c"]
        }
        let sixes = hostsSix.map { "https://\($0)/" }
        let inside = namesInside.map { "https://\($0)/" }
        let tricks = disguises.map { $0.replacing("{port}", with: "\(port)") }
        return written + listening + sixes + inside + tricks + schemes.map { $0.replacing("{port}", with: "\(port)") }
            + ports.map { "https://shop.example.com:\($0)/" }
    }

    /// Names that are looked up, and lead inside.
    static let names: [Name] = namesOutside + indirections + mixtures

    /// Where a server may send those who ask it.
    ///
    /// - Parameter port: as for ``texts(port:)``.
    static func redirects(port: Int) -> [String] {
        [
            "http://127.0.0.1:\(port)/", "https://127.0.0.1:\(port)/", "https://127.0.0.1/", "https://localhost/",
            "http://169.254.169.254/latest/meta-data/", "https://[::1]/", "http://[::ffff:127.0.0.1]:\(port)/",
            "//127.0.0.1:\(port)/", "/\\127.0.0.1:\(port)/", "https://shop.example.com@127.0.0.1:\(port)/",
            "https://2130706433/", "https://0x7f.1/", "file:///etc/passwd", "gopher://127.0.0.1:\(port)/_x",
            "unix:///var/run/docker.sock", "..", "?",
        ]
    }

    // MARK: Numbers

    /// Loopback, private networks, link-local and its metadata services, shared, benchmarks, multicast, broadcast, and
    /// the public number behind which a cloud's own host answers.
    private static let privateQuads: [[Int]] = [
        [127, 0, 0, 1], [10, 1, 2, 3], [172, 31, 255, 254], [192, 168, 0, 1], [169, 254, 169, 254],
        [100, 100, 100, 200], [0, 0, 0, 0], [198, 18, 0, 7], [192, 0, 0, 192], [224, 0, 0, 251], [255, 255, 255, 255],
        [168, 63, 129, 16],
    ]

    /// One address in the ways in which some reader somewhere has understood it.
    private static func notations(of quad: [Int]) -> [String] {
        let (a, b, c, d) = (quad[0], quad[1], quad[2], quad[3])
        let dotted = "\(a).\(b).\(c).\(d)"
        let number = joined(quad)
        let groups = "\(hexadecimal(joined([a, b]))):\(hexadecimal(joined([c, d])))"
        let numbers: [String] = [
            dotted, "\(number)", "0x\(hexadecimal(number))", "0X\(hexadecimal(number).uppercased())", octal(number),
            quad.map(octal).joined(separator: "."),
            quad.map { "0x\(hexadecimal($0))" }.joined(separator: "."),
            "\(a).\(joined([b, c, d]))", "\(a).\(b).\(joined([c, d]))", "0x\(hexadecimal(a)).\(octal(b)).\(c).\(d)",
            "000\(a).\(b).\(c).\(d)", "\(a + 256).\(b).\(c).\(d)", "\(number + 0x1_0000_0000)",
            "\(dotted).", "\(dotted).0", "\(dotted)%00.example.com",
            dotted.utf8.map { "%\(hexadecimal(Int($0)))" }.joined(),
            widened(dotted), dotted.replacing(".", with: "。"),
        ]
        let sixes: [String] = [
            "::ffff:\(dotted)", "::ffff:\(groups)", "0:0:0:0:0:ffff:\(groups)", "::\(dotted)", "::ffff:0:\(dotted)",
            "64:ff9b::\(dotted)", "64:ff9b:1::\(groups)", "2002:\(groups)::1", "2001::\(groups)",
            "fe80::5efe:\(dotted)", "::ffff:\(dotted)%25lo", dotted,
        ]
        return numbers + sixes.map { "[\($0)]" }
    }

    private static func joined(_ bytes: [Int]) -> Int { bytes.reduce(0) { $0 << 8 | $1 } }
    private static func hexadecimal(_ number: Int) -> String { String(number, radix: 16) }
    private static func octal(_ number: Int) -> String { "0" + String(number, radix: 8) }

    /// Full-width digits and points, which some readers fold to plain ones.
    private static func widened(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.compactMap { Unicode.Scalar($0.value + 0xFEE0) }))
    }

    private static let hostsSix = [
        "[::]", "[::1]", "[0000:0000:0000:0000:0000:0000:0000:0001]", "[::0001]", "[0:0::1]", "[fe80::1]",
        "[fe80::1%eth0]", "[fe80::1%25eth0]", "[febf::1]", "[fec0::1]", "[fc00::1]", "[fd00:ec2::254]",
        "[fd20:ce::254]", "[fdff:ffff::1]", "[ff02::1]", "[ff05::2]", "[ff0e::1]", "[100::1]", "[2001:db8::1]",
        "[2001:0:4136:e378:8000:63bf:3fff:fdd2]", "[2001:2::1]", "[2001:10::1]", "[2001:20::1]", "[2002::1]",
        "[3fff::1]", "[5f00::1]", "[64:ff9b::1]", "[64:ff9b::a9fe:a9fe]", "[4000::1]", "[::1", "::1", "[::1]]",
        "[[::1]]", "[::1].example.com", "[::1]example.com", "[v1.fe80]", "[::1%00]", "[::ffff:7f000001]",
        "[::ffff:127.1]", "[::ffff:0x7f.0.0.1]", "[::ffff:127.0.0.01]", "[]", "[:]", "[::1]@example.com",
        "example.com@[::1]",
    ]

    // MARK: Names

    private static let namesInside = [
        "localhost", "LOCALHOST", "localhost.", "sub.localhost", "ip6-localhost", "broadcasthost", "metadata",
        "metadata.google.internal", "instance-data.ec2.internal", "kubernetes.default.svc.cluster.local",
        "printer.local", "router.lan", "nas.home.arpa", "wiki.intranet", "db.internal", "host.docker.internal",
        "gateway.docker.internal", "intranet", "db", "redis", "postgres", "l\u{3BF}calhost", "ⓛocalhost", "localhost。",
        "ﬁle.local", "loc%61lhost", "%6c%6f%63%61%6c%68%6f%73%74", "localhost%00.example.com", "localhost\u{AD}",
        "local\u{200B}host", "-", ".", "..", ".localhost", "a..localhost", "*.example.com", "exa mple.com",
    ]

    private static let namesOutside = [
        Name(text: "localhost.localdomain", addresses: ["127.0.0.1"]),
        Name(text: "127.0.0.1.nip.example.com", addresses: ["127.0.0.1"]),
        Name(text: "7f000001.c0a80001.rebind.example.com", addresses: ["127.0.0.1", "192.168.0.1"]),
        Name(text: "kubernetes.default.svc", addresses: ["10.96.0.1"]),
        Name(text: "xn--lcalhost-4ya.example.com", addresses: ["::1"]),
        Name(text: "under_score.example.com", addresses: ["169.254.169.254"]),
        Name(text: "1e100.example.com", addresses: ["0.0.0.0"]),
        Name(text: "127.0.0.1.example.com", addresses: ["10.0.0.1"]),
        Name(text: "0x7f.example.com", addresses: ["100.64.0.1"]),
    ]

    private static let insides = [
        "127.0.0.1", "127.255.255.254", "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.1.1",
        "169.254.169.254", "169.254.170.2", "100.64.0.1", "100.127.255.255", "0.0.0.0", "192.0.0.192", "192.0.2.1",
        "198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1",
        "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1",
        "2002:a00:1::1", "2001::1", "2001:db8::1",
    ]

    private static let indirections = insides.enumerated().map { index, address in
        Name(text: "n\(index).example.com", addresses: [address])
    }

    /// One good address beside a bad one, in either order.
    private static let mixtures = insides.enumerated().map { index, address in
        let good = index % 3 == 0 ? "2606:4700::1111" : "93.184.216.34"
        return Name(text: "m\(index).example.com", addresses: index % 2 == 0 ? [good, address] : [address, good])
    }

    // MARK: Whole addresses

    private static let disguises = [
        "https://shop.example.com@127.0.0.1/", "https://shop.example.com:443@127.0.0.1/",
        "https://user:pw@127.0.0.1:{port}/", "https://127.0.0.1@shop.example.com/", "https://@127.0.0.1/",
        "https://:@127.0.0.1/", "https://127.0.0.1#@shop.example.com/", "https://shop.example.com#@127.0.0.1/",
        "https://shop.example.com\\@127.0.0.1/", "https://127.0.0.1:{port}\\@shop.example.com/",
        "https://127.0.0.1\\.shop.example.com/", "https:\\\\127.0.0.1\\", "https:/\\127.0.0.1/",
        "https://127.0.0.1 &@shop.example.com#/", "https://127.0.0.1;shop.example.com/",
        "https://127.0.0.1,shop.example.com/", "https://shop.example.com:443:127.0.0.1/", "https://127.0.0.1%2f@x.y/",
        "https://shop.example.com%40127.0.0.1/", "https://127.0.0.1%09/", "https://%00127.0.0.1/",
        "https://127.0.0.1\t/", "\thttps://127.0.0.1/", "\nhttps://127.0.0.1/", "https://127.0.\n0.1/",
        "ht\ntps://127.0.0.1/", "https://127.0.0.1/\r\nHost: x", "https://127.0.0.1/ HTTP/1.1\r\nX: y",
        "https://127.0.0.1\u{0}.example.com/", "https://shop.example.com\u{0}@127.0.0.1/", "\u{1}https://127.0.0.1/",
        "https://127.0.0.1/\u{7F}", "https://127.0.0.1\u{85}/", "https://127.0.0.1\u{200B}/",
        "https://127.0.0.1\u{2060}/", "https://127.0.0.1\u{FEFF}/", "https://shop.example.com\u{202E}1.0.0.721/",
        "https://①②⑦.⓪.⓪.①/", "https://１２７.1/", "https://127｡0｡0｡1/", "https://١٢٧.0.0.1/", "https://127.0.0.1／x",
        "https://[::１]/", "https://127.0.0.1：443/", "https://shop.example.com/\u{130}", "https://127.0.0.1\"/",
        "https://127.0.0.1'/", "https://<127.0.0.1>/", "https://127.0.0.1|x/", "https://{127.0.0.1}/", "https://`x`/",
        "https://$IFS127.0.0.1/", "https://127.0.0.1^/", "https:127.0.0.1", "https:/127.0.0.1/",
        "https:///127.0.0.1/", "https:////127.0.0.1/", "://127.0.0.1/", "//127.0.0.1/", "127.0.0.1", "/127.0.0.1",
        "https://", "https://?127.0.0.1", "https://#127.0.0.1", "https://:443/", "https://127.0.0.1:{port}0/",
    ]

    private static let schemes = [
        "http://127.0.0.1/", "hTTp://169.254.169.254/latest/meta-data/", "http://shop.example.com/",
        "http://metadata.google.internal/computeMetadata/v1/", "file:///etc/passwd", "file://127.0.0.1/etc/passwd",
        "gopher://127.0.0.1:{port}/_GET%20/", "ftp://127.0.0.1:{port}/", "dict://127.0.0.1:{port}/info",
        "ldap://127.0.0.1:{port}/", "tftp://127.0.0.1:{port}/x", "sftp://127.0.0.1/", "ssh://127.0.0.1/",
        "ws://127.0.0.1:{port}/", "wss://127.0.0.1/", "unix:///var/run/docker.sock",
        "http+unix://%2Fvar%2Frun%2Fdocker.sock/info", "https+unix://%2Frun%2Fx.sock/", "jar:https://127.0.0.1!/x",
        "netdoc:///etc/passwd", "php://filter/resource=/etc/passwd", "data:text/html,x", "javascript:alert(1)",
        "blob:https://127.0.0.1/x", "view-source:https://127.0.0.1/", "about:blank", "httpss://127.0.0.1/",
        " https://127.0.0.1/", "https ://127.0.0.1/", "h\u{17F}ttps://127.0.0.1/", "http\u{17F}://127.0.0.1/",
        "https\u{0}://127.0.0.1/", "https//127.0.0.1/", "https;//127.0.0.1/", "http://https://127.0.0.1/",
    ]

    /// Of a host that may well be public.
    private static let ports = [
        "0", "1", "22", "25", "53", "80", "444", "2375", "3306", "5432", "6379", "8080", "8443", "9200", "11211",
        "27017", "65535", "65536", "4294967739", "-443", "+443", "443 ", " 443", "0x1bb", "443:443", "443@443", "４４３",
        "44\u{0}3", "443;", "",
    ]
}
