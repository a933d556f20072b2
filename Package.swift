// swift-tools-version: 6.2
import PackageDescription

// The targets in the order of their weight: each one imports only what stands above it.
// DESIGN: values <- transport <- client <- runtime <- operator <- command.

let package = Package(
    name: "todoapp-operator",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "todoapp-operator", targets: ["todoapp-operator"]),
        .library(
            name: "ControllerRuntime",
            targets: ["ControllerRuntime", "KubernetesClient", "KubernetesAPI", "JSON"]
        ),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // Debian's C libraries; the shims that Swift needs are static inline functions in their headers.
        .systemLibrary(
            name: "CCurl",
            pkgConfig: "libcurl",
            providers: [.apt(["libcurl4-openssl-dev"])]
        ),
        .systemLibrary(
            name: "CYAML",
            pkgConfig: "yaml-0.1",
            providers: [.apt(["libyaml-dev"])]
        ),
        .systemLibrary(
            name: "CCrypto",
            pkgConfig: "libcrypto",
            providers: [.apt(["libssl-dev"])]
        ),

        // What the program is: the version and the revision come from whoever builds.
        .target(
            name: "CBuildInformation",
            cSettings: [
                .define("TODOAPP_VERSION", to: "\"\(Context.environment["TODOAPP_VERSION"] ?? "0.1.0-dev")\""),
                .define("TODOAPP_REVISION", to: "\"\(Context.environment["TODOAPP_REVISION"] ?? "unknown")\""),
            ]
        ),

        // Values.
        .target(name: "Locks"),
        .target(name: "JSON"),
        .target(name: "YAML", dependencies: ["CYAML", "JSON"]),
        .target(name: "KubernetesAPI", dependencies: ["JSON"]),

        // Transport.
        .target(name: "HTTPTransport"),
        .target(name: "CurlTransport", dependencies: ["CCurl", "HTTPTransport", "Locks"]),

        // Client.
        .target(
            name: "KubernetesClient",
            dependencies: [
                "CurlTransport", "HTTPTransport", "JSON", "KubernetesAPI", "Locks", "YAML",
                .product(name: "Logging", package: "swift-log"),
            ]
        ),

        // Runtime.
        .target(
            name: "ControllerRuntime",
            dependencies: [
                "JSON", "KubernetesAPI", "KubernetesClient", "Locks",
                .product(name: "HeapModule", package: "swift-collections"),
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]
        ),
        .target(name: "Observability", dependencies: ["JSON", .product(name: "Logging", package: "swift-log")]),

        // The test kit: a transport that answers as told, a clock that is moved by hand, awkward values.
        .target(name: "KubernetesTesting", dependencies: ["ControllerRuntime", "HTTPTransport", "JSON", "Locks"]),

        // Operator.
        .target(name: "TodoAppAPI", dependencies: ["JSON", "KubernetesAPI", "YAML"]),
        .target(
            name: "TodoAppOperator",
            dependencies: [
                "CCrypto", "ControllerRuntime", "JSON", "KubernetesAPI", "KubernetesClient", "TodoAppAPI",
                .product(name: "Logging", package: "swift-log"),
            ]
        ),

        // Command.
        .executableTarget(
            name: "todoapp-operator",
            dependencies: [
                "CBuildInformation", "ControllerRuntime", "CurlTransport", "JSON", "KubernetesAPI", "KubernetesClient",
                "Observability",
                "TodoAppAPI", "TodoAppOperator", "YAML",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ]
        ),

        // Tests mirror the sources.
        .testTarget(name: "JSONTests", dependencies: ["JSON", "KubernetesTesting"]),
        .testTarget(name: "YAMLTests", dependencies: ["JSON", "KubernetesTesting", "YAML"]),
        .testTarget(name: "CurlTransportTests", dependencies: ["CCurl", "CurlTransport", "HTTPTransport", "Locks"]),
        .testTarget(name: "KubernetesAPITests", dependencies: ["JSON", "KubernetesAPI"]),
        .testTarget(
            name: "KubernetesClientTests",
            dependencies: [
                "CurlTransport", "HTTPTransport", "JSON", "KubernetesAPI", "KubernetesClient", "KubernetesTesting",
                "Locks",
            ]
        ),
        .testTarget(
            name: "ControllerRuntimeTests",
            dependencies: [
                "ControllerRuntime", "HTTPTransport", "JSON", "KubernetesAPI", "KubernetesClient", "KubernetesTesting",
                "Locks",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "ServiceLifecycleTestKit", package: "swift-service-lifecycle"),
            ]
        ),
        .testTarget(
            name: "ObservabilityTests",
            dependencies: [
                "JSON", "Locks", "Observability",
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .testTarget(
            name: "TodoAppAPITests",
            dependencies: ["JSON", "KubernetesAPI", "TodoAppAPI", "YAML"],
            exclude: ["Fixtures"]
        ),
        .testTarget(
            name: "TodoAppOperatorTests",
            dependencies: [
                "ControllerRuntime", "HTTPTransport", "JSON", "KubernetesAPI", "KubernetesClient", "KubernetesTesting",
                "Locks", "TodoAppAPI", "TodoAppOperator", "YAML",
            ],
            exclude: ["Fixtures", "Golden"]
        ),

        // On a real API server and a real node; hack/run-e2e brings these up.
        .testTarget(name: "EndToEndTests", dependencies: ["JSON", "YAML"]),
    ]
)

// One house rule for every Swift target. Warnings are errors in CI (TREAT_WARNINGS_AS_ERRORS=1), not while one edits.
let treatWarningsAsErrors = Context.environment["TREAT_WARNINGS_AS_ERRORS"] == "1"
for target in package.targets where target.type != .system {
    var settings: [SwiftSetting] = [
        .swiftLanguageMode(.v6),
        .strictMemorySafety(),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    ]
    if treatWarningsAsErrors {
        settings.append(.treatAllWarnings(as: .error))
    }
    target.swiftSettings = settings
}

// An image is built from the sources alone: the tests are not there.
if Context.environment["WITHOUT_TESTS"] == "1" {
    package.targets.removeAll { $0.type == .test }
}
