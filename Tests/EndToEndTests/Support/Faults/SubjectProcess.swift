import Foundation
import Glibc
import Synchronization

/// The operator as a process that is killed, stopped and started again; all its runs log to one file.
final class SubjectProcess: Sendable {
    private struct Running {
        let pid: pid_t
        let end: Task<Spawn.End, Never>
        /// How often its log had said before that the operator is ready.
        let readyBefore: Int
    }

    private struct State {
        var running: Running?
        var starts = 0
        var peakKilobytes = 0
        var cpuSeconds = 0.0
    }

    private let program: String
    private let arguments: [String]
    private let kubeconfig: String
    private let log: String
    private let state = Mutex(State())

    init(_ program: String, _ arguments: [String], kubeconfig: String, log: String) throws {
        self.program = program
        self.arguments = arguments
        self.kubeconfig = kubeconfig
        self.log = log
        let folder = URL(filePath: log).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data().write(to: URL(filePath: log))
    }

    /// Everything that it has logged.
    var logText: String {
        get throws { try String(decoding: Data(contentsOf: URL(filePath: self.log)), as: UTF8.self) }
    }

    /// The most memory that one of its runs that have ended took, in KiB.
    var peakKilobytes: Int { self.state.withLock { $0.peakKilobytes } }

    /// The processor's time of its runs that have ended.
    var cpuSeconds: Double { self.state.withLock { $0.cpuSeconds } }

    /// How often it was started.
    var starts: Int { self.state.withLock { $0.starts } }

    /// Starts it, and returns at once.
    func start() throws {
        let readyBefore = try self.readyLines
        let pid = try Spawn.start(
            self.program,
            self.arguments,
            environment: ProcessInfo.processInfo.environment.merging(["KUBECONFIG": self.kubeconfig]) { $1 },
            input: "/dev/null",
            output: self.log,
            errors: self.log,
            appending: true
        )
        let end = Task { await Spawn.end(of: pid) }
        self.state.withLock {
            $0.running = Running(pid: pid, end: end, readyBefore: readyBefore)
            $0.starts += 1
        }
    }

    /// Waits until it says that it is ready.
    func waitUntilReady() async throws {
        let before = self.state.withLock { $0.running?.readyBefore ?? 0 }
        try await awaited("the operator is ready", within: .seconds(60), lastSeen: { (try? self.logText) ?? "" }) {
            try self.readyLines > before
        }
    }

    private var readyLines: Int {
        get throws { try self.logText.split(separator: "\n").count { $0.contains(" ready ") } }
    }

    /// Sends it a signal; one that has ended gets none.
    func signal(_ number: Int32) {
        guard let running = self.state.withLock({ $0.running }) else { return }
        // Its number is not given to another one so soon after its end.
        _ = Glibc.kill(running.pid, number)
    }

    /// Kills it without a warning, and waits until it is gone.
    func kill() async {
        self.signal(SIGKILL)
        _ = await self.end()
    }

    /// Ends it as Kubernetes does.
    ///
    /// - Returns: Its exit code.
    func stop() async -> Int32? {
        self.signal(SIGTERM)
        return await self.end()
    }

    private func end() async -> Int32? {
        guard let running = self.state.withLock({ $0.running }) else { return nil }
        let end = await running.end.value
        self.state.withLock {
            $0.running = nil
            $0.peakKilobytes = max($0.peakKilobytes, end.peakKilobytes)
            $0.cpuSeconds += end.cpuSeconds
        }
        return end.code
    }
}
