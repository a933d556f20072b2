import Foundation
import Glibc
import JSON
import Synchronization

/// An operator as one of several replicas: a process of its own, known to the audit log by a user of its own.
final class Replica: Sendable {
    /// What the audit log calls it.
    let user: String
    private let log: URL
    private let process: Mutex<Process>
    private let end: Task<Int32, Never>

    var processID: pid_t { self.process.withLock { $0.processIdentifier } }

    /// Starts an operator that acts as `user`, with probes and metrics at ports of their own.
    init(
        _ stage: ReplicaStage,
        user: String,
        groups: [String] = ["system:masters"],
        flags: [String],
        environment: [String: String] = [:]
    ) throws {
        self.user = user
        let folder = URL(filePath: ClusterUnderTest.file("build/replicas"))
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        self.log = folder.appending(path: "\(user).log")
        try Data().write(to: self.log)
        let process = Process()
        process.executableURL = URL(filePath: stage.program)
        process.arguments =
            ["run", "--health-probe-bind-address", "127.0.0.1:0", "--metrics-bind-address", "127.0.0.1:0"] + flags
        let kubeconfig = try stage.kubeconfig(actingAs: user, groups: groups)
        process.environment = ProcessInfo.processInfo.environment
            .merging(environment.merging(["KUBECONFIG": kubeconfig]) { $1 }) { $1 }
        process.standardInput = FileHandle.nullDevice
        let output = try FileHandle(forWritingTo: self.log)
        process.standardOutput = output
        process.standardError = output
        let (codes, code) = AsyncStream.makeStream(of: Int32.self)
        process.terminationHandler = { process in
            let wasSignalled = process.terminationReason == .uncaughtSignal
            code.yield(wasSignalled ? -process.terminationStatus : process.terminationStatus)
            code.finish()
        }
        try process.run()
        self.process = Mutex(process)
        self.end = Task { await codes.first { _ in true } ?? -1 }
    }

    /// Sends it a signal.
    func signal(_ number: Int32) {
        kill(self.processID, number)
    }

    /// Its exit code, or the signal that ended it with a minus; waits for that.
    func exitCode() async -> Int32 {
        await self.end.value
    }

    /// Ends it without leaving anything, however it is.
    func clearAway() async {
        guard self.process.withLock({ $0.isRunning }) else { return }
        self.signal(SIGKILL)
        _ = await self.end.value
    }

    // MARK: What it says

    var logText: String {
        (try? String(decoding: Data(contentsOf: self.log), as: UTF8.self)) ?? ""
    }

    /// Whether it has said that it leads.
    var leads: Bool { self.logText.contains(" leads ") }

    /// The port of its probes, or of its metrics, once it listens.
    func port(of server: String) async throws -> Int {
        try await answered("\(self.user) serves \(server)", lastSeen: { self.logText }) {
            let line = self.logText.split(separator: "\n").first { $0.contains(" serves \(server) ") }
            let field = line?.split(separator: " ").first { $0.hasPrefix("port=") }
            return field.flatMap { Int($0.dropFirst("port=".count)) }
        }
    }

    /// What a probe answers: status and text.
    func probe(_ path: String) async throws -> (status: Int, text: String) {
        let port = try await self.port(of: "probes")
        return try await fetch("http://127.0.0.1:\(port)\(path)")
    }

    /// What `/metrics` answers.
    func metrics(token: String?) async throws -> (status: Int, text: String) {
        let port = try await self.port(of: "metrics")
        return try await fetch("https://127.0.0.1:\(port)/metrics", token: token)
    }

    /// Waits until its probe says that it is ready.
    func waitUntilReady() async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while try await self.probe("/readyz").status != 200 {
            guard ContinuousClock.now < deadline else {
                throw DidNotHappen(what: "\(self.user) is ready", within: .seconds(60), lastSeen: self.logText)
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }
}

/// Fetches a page with curl, whose certificate is nobody's.
private func fetch(_ url: String, token: String? = nil) async throws -> (status: Int, text: String) {
    var arguments = [
        "--silent", "--insecure", "--max-time", "10", "--noproxy", "*", "--write-out", "\n%{http_code}", url,
    ]
    if let token { arguments += ["--header", "Authorization: Bearer \(token)"] }
    let run = try await ProgramRun("curl", arguments)
    var lines = run.output.split(separator: "\n", omittingEmptySubsequences: false)
    let status = lines.popLast().flatMap { Int($0) } ?? 0
    return (status, lines.joined(separator: "\n"))
}

/// Asks again and again until there is an answer.
func answered<Answer>(
    _ what: String,
    within limit: Duration = .seconds(60),
    lastSeen: () -> String = { "-" },
    _ ask: () async throws -> Answer?
) async throws -> Answer {
    let deadline = ContinuousClock.now + limit
    while true {
        if let answer = try await ask() { return answer }
        guard ContinuousClock.now < deadline else {
            throw DidNotHappen(what: what, within: limit, lastSeen: lastSeen())
        }
        try await Task.sleep(for: .milliseconds(25))
    }
}
