// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

// Products of other packages, by the name the code imports.
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdTesting = Target.Dependency.product(name: "HummingbirdTesting", package: "hummingbird")
let jwtKit = Target.Dependency.product(name: "JWTKit", package: "jwt-kit")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "Metrics", package: "swift-metrics")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let serviceLifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
    name: "pressroom",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "pressroom", targets: ["Pressroom"]),
        .library(name: "Engine", targets: ["Engine"]),
        .library(name: "Database", targets: ["Database", "DatabaseSQLite", "DatabasePostgres"]),
    ],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
    ],
    targets: [
        // The database: one seam, two drivers, each the only importer of its C library.
        .target(name: "Database", swiftSettings: strict),
        .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"]), .brew(["libpq"])]),
        .target(name: "DatabasePostgres", dependencies: ["Database", "CLibPQ", logging], swiftSettings: strict),
        .systemLibrary(
            name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"]), .brew(["sqlite"])]),
        .target(name: "DatabaseSQLite", dependencies: ["Database", "CSQLite", logging], swiftSettings: strict),

        // The engine: jobs, lanes, pools, steps, signals.
        .target(name: "Engine", dependencies: ["Database", logging], swiftSettings: strict),

        // Share cards, the only importer of Pango and Cairo.
        .systemLibrary(
            name: "CPangoCairo", pkgConfig: "pangocairo",
            providers: [.apt(["libpango1.0-dev", "libcairo2-dev"]), .brew(["pango", "cairo"])]),
        .target(name: "Cards", dependencies: ["CPangoCairo", "CZlib"], swiftSettings: strict),

        // Limits of requests, shared by all replicas.
        .target(name: "Limits", dependencies: ["Database", logging], swiftSettings: strict),

        // The world outside.
        .target(
            name: "Outbound", dependencies: [asyncHTTPClient, httpTypes, logging, nioCore, nioHTTP1, nioPosix],
            swiftSettings: strict),
        .target(name: "Providers", dependencies: ["Outbound", crypto, httpTypes, logging], swiftSettings: strict),
        .target(
            name: "Publishers", dependencies: ["Outbound", crypto, cryptoExtras, httpTypes, logging, nioPosix],
            swiftSettings: strict),

        // The products, and what both are made of.
        .target(name: "ProductKit", dependencies: ["Engine", "Providers", logging], swiftSettings: strict),
        .target(
            name: "Blog",
            dependencies: [
                "Database", "Engine", "Outbound", "ProductKit", "Providers", "Publishers", crypto, logging,
            ],
            swiftSettings: strict),

        .target(
            name: "Arena",
            dependencies: [
                "Database", "Engine", "ProductKit", "Providers", crypto, cryptoExtras, jwtKit, logging,
            ],
            swiftSettings: strict),

        // Simulated providers.
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
        .target(
            name: "Sandbox",
            dependencies: [
                "CZlib", asyncHTTPClient, crypto, cryptoExtras, httpTypes, hummingbird, logging, nioCore, nioHTTP1,
                serviceLifecycle,
            ],
            swiftSettings: strict),

        // The engine under a virtual clock.
        .target(
            name: "Simulation",
            dependencies: [
                "Blog", "Database", "DatabaseSQLite", "Engine", "Outbound", "Providers", "Publishers", "Sandbox",
                httpTypes, logging,
            ],
            swiftSettings: strict),

        // Benchmarks of the engine, and of what Arena reads.
        .target(
            name: "Benchmarks",
            dependencies: ["Arena", "Cards", "Database", "DatabasePostgres", "DatabaseSQLite", "Engine", logging],
            swiftSettings: strict),

        // The server and the command line.
        .target(
            name: "Web",
            dependencies: [
                "Arena", "Blog", "Cards", "Database", "Engine", "Limits", "Outbound", "ProductKit", "Providers",
                "Publishers", crypto,
                httpTypes, hummingbird, logging, metrics, mustache, nioCore, nioHTTP1, nioPosix, serviceLifecycle, yams,
            ],
            resources: [.embedInCode("Resources")],
            swiftSettings: strict),
        .executableTarget(
            name: "Pressroom",
            dependencies: [
                "Arena", "Benchmarks", "Blog", "Database", "DatabasePostgres", "DatabaseSQLite", "Engine", "Limits",
                "Outbound", "ProductKit", "Providers", "Publishers", "Sandbox", "Simulation", "Web", argumentParser,
                crypto,
                httpTypes, hummingbird, logging, metrics, nioCore, serviceLifecycle, unixSignals, yams,
            ],
            swiftSettings: strict),

        // Tests.
        .target(
            name: "TestSupport",
            dependencies: ["Database", "DatabasePostgres", "DatabaseSQLite", "Engine", crypto, cryptoExtras, logging],
            path: "Tests/TestSupport", swiftSettings: strict),
        .testTarget(
            name: "DatabaseTests", dependencies: ["Database", "DatabasePostgres", "DatabaseSQLite", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "EngineTests",
            dependencies: ["Engine", "Database", "DatabasePostgres", "DatabaseSQLite", "TestSupport", logging],
            swiftSettings: strict),
        .testTarget(name: "CardsTests", dependencies: ["Cards"], swiftSettings: strict),
        .testTarget(
            name: "LimitsTests",
            dependencies: ["Limits", "Database", "DatabasePostgres", "Engine", "TestSupport", logging],
            swiftSettings: strict),
        .testTarget(
            name: "OutboundTests", dependencies: ["Outbound", httpTypes, logging, nioCore, nioPosix],
            swiftSettings: strict),
        .testTarget(
            name: "ProvidersTests",
            dependencies: ["Providers", "Outbound", "Sandbox", "TestSupport", httpTypes, logging],
            swiftSettings: strict),
        .testTarget(
            name: "PublishersTests",
            dependencies: ["Outbound", "Publishers", "Sandbox", "TestSupport", httpTypes, logging],
            swiftSettings: strict),
        .testTarget(
            name: "SandboxTests",
            dependencies: ["CZlib", "Sandbox", hummingbird, httpTypes, logging, nioCore, serviceLifecycle],
            swiftSettings: strict),
        .testTarget(
            name: "SimulationTests",
            dependencies: [
                "Simulation", "Arena", "Blog", "Database", "DatabaseSQLite", "Engine", "Outbound", "ProductKit",
                "Providers",
                "Sandbox",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ProductKitTests", dependencies: ["ProductKit", "Engine", "Providers", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "BlogTests",
            dependencies: [
                "Blog", "Database", "Engine", "Outbound", "ProductKit", "Providers", "Publishers", "TestSupport",
                logging,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ArenaTests",
            dependencies: [
                "Arena", "Database", "Engine", "Outbound", "ProductKit", "Providers", "Sandbox", "TestSupport",
                httpTypes, logging,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "WebTests",
            dependencies: [
                "Web", "Arena", "Blog", "Database", "Engine", "Limits", "Outbound", "ProductKit", "Providers",
                "Publishers",
                "TestSupport",
                hummingbird,
                hummingbirdTesting, httpTypes, logging, metrics, nioCore, nioPosix, serviceLifecycle,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "PressroomTests",
            dependencies: ["Pressroom", "Limits", "Outbound", "ProductKit", "Providers", argumentParser, logging],
            swiftSettings: strict),
        .testTarget(name: "EndToEndTests", dependencies: ["TestSupport"], swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
