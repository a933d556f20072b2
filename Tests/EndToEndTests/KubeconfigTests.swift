import Foundation
import Testing

extension EndToEnd {
    /// A kubeconfig with which the operator cannot run: it says why in one line, and ends.
    @Suite(.together)
    struct KubeconfigTests {
        @Test("A kubeconfig that cannot be used ends the operator with one line naming file and field", arguments: Flaw.all)
        func refused(_ flaw: Flaw) async throws {
            let cluster = try Stage.current.cluster
            let good = try String(contentsOfFile: cluster.operatorKubeconfig, encoding: .utf8)
            let folder = FileManager.default.temporaryDirectory.appending(path: "todoapp-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            let file = folder.appending(path: "kubeconfig").path()
            if let text = flaw.text(good) {
                try text.write(toFile: file, atomically: true, encoding: .utf8)
            }
            let run = try await ProgramRun(cluster.program, ["run", "--kubeconfig", file] + flaw.arguments)
            #expect(run.exitCode == 1)
            #expect(run.output.isEmpty)
            let lines = run.errors.split(separator: "\n").filter { !Self.isLog($0) }
            #expect(lines.count == 1, "\(run.errors)")
            let line = try #require(lines.last)
            #expect(line.contains(file), "\(line)")
            for part in flaw.named {
                #expect(line.contains(part), "\(line)")
            }
        }

        // A line of the log begins with its time.
        private static func isLog(_ line: Substring) -> Bool { line.first?.isNumber == true }
    }
}

/// What is wrong with a kubeconfig.
struct Flaw: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// The kubeconfig, made from a good one; `nil` where there is none.
    let text: @Sendable (String) -> String?
    var arguments: [String] = []
    /// What the line must name beside the file.
    let named: [String]

    static let all = [
        Flaw(testDescription: "it is missing", text: { _ in nil }, named: ["no such file"]),
        Flaw(testDescription: "it is no YAML", text: { _ in "clusters: [" }, named: ["line "]),
        Flaw(
            testDescription: "a field has the wrong type",
            text: { Self.replacing("current-context: .*", in: $0, by: "current-context: [1]") },
            named: ["current-context"]
        ),
        Flaw(
            testDescription: "there is no such context",
            text: { $0 }, arguments: ["--context", "elsewhere"], named: ["context", "elsewhere"]
        ),
        Flaw(
            testDescription: "no context is chosen",
            text: { Self.replacing("current-context: .*", in: $0, by: "") }, named: ["current-context"]
        ),
        Flaw(
            testDescription: "the context names no cluster that is there",
            text: { Self.replacing("cluster: [^,{]*,", in: $0, by: "cluster: elsewhere,") },
            named: ["context", "cluster", "elsewhere"]
        ),
        Flaw(
            testDescription: "the server does not answer",
            text: { Self.replacing("server: .*", in: $0, by: "server: https://127.0.0.1:1") },
            named: ["server", "https://127.0.0.1:1", "refused"]
        ),
        Flaw(
            testDescription: "the server's certificate is not trusted",
            text: {
                Self.replacing("certificate-authority-data: .*", in: $0, by: "certificate-authority-data: \(strangersCA)")
            },
            named: ["server", "certificate", "not trusted"]
        ),
        Flaw(
            testDescription: "the client's key is no base64",
            text: { Self.replacing("client-key-data: .*", in: $0, by: "client-key-data: '%%%'") },
            named: ["client-key-data"]
        ),
    ]

    private static func replacing(_ pattern: String, in text: String, by replacement: String) -> String {
        text.replacingOccurrences(of: pattern, with: replacement, options: .regularExpression)
    }
}

// A certificate authority that has signed nothing, in base64; its key was thrown away.
private let strangersCA = Data(
    """
    -----BEGIN CERTIFICATE-----
    MIIBfDCCASOgAwIBAgIUGNtnHJVh99FlPM8buGvss7yWDLgwCgYIKoZIzj0EAwIw
    EzERMA8GA1UEAwwIc3RyYW5nZXIwIBcNMjYxMTIxMDgxOTU0WhgPMjEyNjEwMjgw
    ODE5NTRaMBMxETAPBgNVBAMMCHN0cmFuZ2VyMFkwEwYHKoZIzj0CAQYIKoZIzj0D
    AQcDQgAEKzCba1SYihg22gfK4ugLS9cnSI2hY0j9tkoUZGU62ZaLxT0d+2gK1CZm
    DW6uBtv4XgluInKsZmkCOmXflOj+T6NTMFEwHQYDVR0OBBYEFBFSzwXhKd6zOmwf
    mXDH4ssKR6b1MB8GA1UdIwQYMBaAFBFSzwXhKd6zOmwfmXDH4ssKR6b1MA8GA1Ud
    EwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDRwAwRAIgQdL95FKEXyFgSHGAMQcOj0eT
    LuQwIZAHBVZ8qCXhEZUCIFT4rRew2acy/bf7DJmRoMUS21qCIqutJFIATV715ohC
    -----END CERTIFICATE-----

    """.utf8
).base64EncodedString()
