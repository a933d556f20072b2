import Foundation
import Synchronization
import Testing

/// The operator as a process of its own: one at a time, which tests may stop and start again.
actor OperatorProcess {
    private let cluster: ClusterUnderTest
    private let log: URL
    private var running: Process?
    private var ended: Task<Int32, Never>?
    private let endedUnasked = Mutex(false)

    /// An operator that has not started yet; all its runs log to one file.
    init(_ cluster: ClusterUnderTest) throws {
        self.cluster = cluster
        let folder = URL(filePath: ClusterUnderTest.file("build/e2e"))
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        self.log = folder.appending(path: "operator.log")
        try Data().write(to: self.log)
    }

    /// Everything that it has logged.
    var logText: String {
        get throws { try String(decoding: Data(contentsOf: self.log), as: UTF8.self) }
    }

    /// Whether it has ended although nobody had told it to: then nothing is worth waiting for.
    nonisolated var hasEndedUnasked: Bool { self.endedUnasked.withLock { $0 } }

    /// Starts it, and returns when it says that it is ready.
    func start() async throws {
        let linesBefore = try self.readyLines
        let process = Process()
        process.executableURL = URL(filePath: self.cluster.program)
        // The one that hack/sample-images has made of Debian's PostgreSQL.
        process.arguments = ["run", "--database-image", "todoapp-postgres:local"]
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["KUBECONFIG": self.cluster.operatorKubeconfig],
            uniquingKeysWith: { $1 }
        )
        process.standardInput = FileHandle.nullDevice
        let output = try FileHandle(forWritingTo: self.log)
        try output.seekToEnd()
        process.standardOutput = output
        process.standardError = output
        let (codes, code) = AsyncStream.makeStream(of: Int32.self)
        process.terminationHandler = { [weak self] process in
            self?.endedUnasked.withLock { $0 = true }
            let crashed = process.terminationReason == .uncaughtSignal
            code.yield(crashed ? -process.terminationStatus : process.terminationStatus)
            code.finish()
        }
        try process.run()
        self.running = process
        self.ended = Task { await codes.first { _ in true } ?? -1 }
        try await eventually("the operator is ready", within: .seconds(30), lastSeen: { (try? self.logText) ?? "" }) {
            try self.readyLines > linesBefore
        }
    }

    /// Stops it as Kubernetes does; it must end by itself, and well.
    func stop() async throws {
        guard let running = self.running, let ended = self.ended else { return }
        #expect(running.isRunning, "the operator has ended before anybody told it to; its log: \(self.log.path())")
        running.terminate()
        #expect(await ended.value == 0, "SIGTERM ends the operator with 0")
        self.endedUnasked.withLock { $0 = false }
        self.running = nil
        self.ended = nil
    }

    private var readyLines: Int {
        get throws { try self.logText.split(separator: "\n").count { $0.contains(" ready ") } }
    }
}
