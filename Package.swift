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
        .library(name: "KubernetesTesting", targets: ["KubernetesTesting"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.30.0"),
        // Without its traits, one of which would bring in all of Foundation.
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.0", traits: []),
        .package(url: "https://github.com/apple/swift-system", from: "1.5.0"),
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
        .systemLibrary(
            name: "CZlib",
            pkgConfig: "zlib",
            providers: [.apt(["zlib1g-dev"])]
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
                "CCrypto", "CurlTransport", "HTTPTransport", "JSON", "KubernetesAPI", "Locks", "YAML",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]
        ),

        // Runtime.
        .target(
            name: "ControllerRuntime",
            dependencies: [
                "CCrypto", "HTTPTransport", "JSON", "KubernetesAPI", "KubernetesClient", "Locks",
                .product(name: "HeapModule", package: "swift-collections"),
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ]
        ),
        .target(
            name: "Observability",
            dependencies: [
                "CCrypto", "ControllerRuntime", "JSON", "Locks",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]
        ),

        // The test kit: an API server in process, a transport that answers as told, a clock that is moved by hand.
        .target(
            name: "KubernetesTesting",
            dependencies: ["ControllerRuntime", "HTTPTransport", "JSON", "KubernetesAPI", "Locks"]
        ),

        // Operator.
        .target(name: "TodoAppAPI", dependencies: ["JSON", "KubernetesAPI", "YAML"]),
        .target(
            name: "TodoAppOperator",
            dependencies: [
                "CCrypto", "ControllerRuntime", "JSON", "KubernetesAPI", "KubernetesClient", "TodoAppAPI",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),

        // Images: what they must be, and whether they are. Of the operator it takes the contracts alone.
        .target(name: "ImageContracts", dependencies: ["CZlib", "JSON", "TodoAppAPI", "TodoAppOperator"]),

        // Command.
        .target(
            name: "KubectlTodoApp",
            dependencies: [
                "ControllerRuntime", "JSON", "KubernetesAPI", "KubernetesClient", "Locks", "TodoAppAPI",
                "TodoAppOperator", "YAML",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .executableTarget(
            name: "todoapp-operator",
            dependencies: [
                "CBuildInformation", "ControllerRuntime", "CurlTransport", "HTTPTransport", "ImageContracts", "JSON",
                "KubectlTodoApp", "KubernetesAPI", "KubernetesClient", "Observability", "TodoAppAPI", "TodoAppOperator",
                "YAML",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            linkerSettings: [
                // A program that nobody links against needs no table of its symbols, and relocations take a twentieth of
                // their place in the packed form (glibc 2.36 and later, which is Debian 12's): 4.6 of 32.7 MB.
                .unsafeFlags(
                    [
                        "-use-ld=lld", "-Xlinker", "--no-export-dynamic", "-Xlinker", "-z", "-Xlinker",
                        "pack-relative-relocs",
                    ],
                    .when(platforms: [.linux], configuration: .release)
                )
            ]
        ),

        // What another operator on the runtime looks like; no product.
        .executableTarget(
            name: "website-operator",
            dependencies: [
                "ControllerRuntime", "JSON", "KubernetesAPI", "KubernetesClient",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            path: "Examples/website-operator",
            exclude: ["crd.yaml", "sample.yaml"]
        ),

        // What `make bench` measures with.
        .executableTarget(
            name: "bench",
            dependencies: [
                "ControllerRuntime", "HTTPTransport", "JSON", "KubernetesAPI", "KubernetesClient", "KubernetesTesting",
                "Locks", "Observability", "TodoAppAPI", "TodoAppOperator", "YAML",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            path: "Benchmarks/bench"
        ),

        // What the tests of several targets read.
        .target(name: "TestFiles", path: "Tests/TestFiles"),

        // Tests mirror the sources.
        .testTarget(
            name: "KubernetesTestingTests",
            dependencies: ["HTTPTransport", "JSON", "KubernetesAPI", "KubernetesClient", "KubernetesTesting"]
        ),
        .testTarget(name: "JSONTests", dependencies: ["JSON", "KubernetesTesting"]),
        .testTarget(name: "YAMLTests", dependencies: ["JSON", "KubernetesTesting", "YAML"]),
        .testTarget(
            name: "CurlTransportTests",
            dependencies: [
                "CCurl", "CurlTransport", "HTTPTransport", "KubernetesAPI", "KubernetesClient", "KubernetesTesting",
                "Locks",
            ]
        ),
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
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "ServiceLifecycleTestKit", package: "swift-service-lifecycle"),
            ]
        ),
        .testTarget(
            name: "ObservabilityTests",
            dependencies: [
                "ControllerRuntime", "CurlTransport", "HTTPTransport", "JSON", "KubernetesClient", "KubernetesTesting",
                "Locks", "Observability", "YAML",
                .product(name: "CoreMetrics", package: "swift-metrics"),
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
                "Locks", "TestFiles", "TodoAppAPI", "TodoAppOperator", "YAML",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            exclude: ["Fixtures", "Golden"]
        ),

        .testTarget(
            name: "KubectlTodoAppTests",
            dependencies: [
                "HTTPTransport", "JSON", "KubectlTodoApp", "KubernetesAPI", "KubernetesClient", "KubernetesTesting",
                "Locks", "TestFiles", "TodoAppAPI", "TodoAppOperator",
            ],
            exclude: ["Golden"]
        ),

        .testTarget(
            name: "ImageContractsTests",
            dependencies: ["CZlib", "ImageContracts", "JSON", "TestFiles", "TodoAppAPI", "TodoAppOperator"],
            exclude: ["Golden"]
        ),

        // The pages, held against what there is.
        .testTarget(
            name: "DocumentationTests",
            dependencies: [
                "TestFiles", "todoapp-operator",
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]
        ),

        // On a real API server; a control plane alone will do.
        .testTarget(
            name: "IntegrationTests",
            dependencies: [
                "HTTPTransport", "JSON", "KubernetesAPI", "KubernetesClient", "KubernetesTesting", "YAML",
                "website-operator",
            ]
        ),

        // On a real API server and a real node; hack/run-e2e brings these up.
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "JSON", "TestFiles", "YAML",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]
        ),
    ]
)

// `make fuzz` alone: hack/fuzz says where the toolchain keeps its libFuzzer; tests and examples are of no use there.
if let fuzzer = Context.environment["FUZZER_LIBRARY"] {
    package.targets.removeAll { $0.type == .test || $0.path != nil }
    package.targets += [
        .systemLibrary(name: "CFuzzer", path: "Fuzz/CFuzzer"),
        .executableTarget(
            name: "fuzz",
            dependencies: [
                "CFuzzer", "CurlTransport", "JSON", "KubernetesAPI", "KubernetesClient", "TodoAppAPI", "YAML",
            ],
            path: "Fuzz/fuzz",
            linkerSettings: [.unsafeFlags([fuzzer]), .linkedLibrary("stdc++")]
        ),
    ]
}

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

// An image is built from the folder Sources alone, without tests, examples and benchmarks, and from these very versions, so
// that the same commit gives the same program next year. Who builds on the libraries is bound by the lower bounds alone.
if Context.environment["SOURCES_ALONE"] == "1" {
    package.targets.removeAll { $0.type == .test || $0.path != nil }
    package.dependencies = [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2", traits: []),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
        // What these bring with them.
        .package(url: "https://github.com/apple/swift-async-algorithms", exact: "1.1.4"),
        .package(url: "https://github.com/apple/swift-atomics", exact: "1.3.0"),
    ]
}
