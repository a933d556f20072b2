import Foundation
import Subprocess
import SystemPackage

/// The operator as a process of its own, over one namespace.
struct OperatorRun: Sendable {
    /// When it was started, in seconds since 1970.
    let startedAt: Double
    private let identifier: pid_t
    private let log: URL

    private var process: String { "/proc/\(self.identifier)" }

    /// Starts it, and stops it when the body is over.
    ///
    /// - Parameters:
    ///   - stage: Where it runs.
    ///   - namespace: The only one that it watches.
    ///   - name: What its log is called.
    ///   - options: More of its options.
    ///   - kubeconfig: As whom it works; by default as the bench does.
    ///   - body: What is measured meanwhile.
    static func run<Result: Sendable>(
        on stage: Stage,
        namespace: String,
        name: String,
        options: [String] = [],
        kubeconfig: String? = nil,
        _ body: @Sendable (OperatorRun) async throws -> Result
    ) async throws -> Result {
        let log = stage.folder.appending(path: "\(name).log")
        let descriptor = try FileDescriptor.open(
            FilePath(log.path()),
            .writeOnly,
            options: [.create, .truncate],
            permissions: .ownerReadWrite
        )
        let startedAt = Date().timeIntervalSince1970
        let ended = try await Subprocess.run(
            .path(FilePath(stage.program)),
            arguments: Arguments(["run", "--namespace", namespace] + options),
            environment: kubeconfig.map { .inherit.updating(["KUBECONFIG": $0]) } ?? .inherit,
            input: .none,
            output: .fileDescriptor(descriptor, closeAfterSpawningProcess: false),
            error: .fileDescriptor(descriptor, closeAfterSpawningProcess: true)
        ) { execution in
            let run = OperatorRun(startedAt: startedAt, identifier: execution.processIdentifier.value, log: log)
            let result = try await body(run)
            // It may have been killed.
            try? execution.send(signal: .terminate)
            return result
        }
        return ended.closureResult
    }

    /// Ends it as a machine ends that loses its power.
    func kill() { _ = Foundation.kill(self.identifier, SIGKILL) }

    /// Waits until it says that it is ready.
    func waitUntilReady() async throws {
        while try !String(contentsOf: self.log, encoding: .utf8).contains(" ready ") {
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// The processor's time that it has used.
    var cpuSeconds: Double {
        get throws {
            let stat = try String(contentsOfFile: "\(self.process)/stat", encoding: .utf8)
            // The name, in parentheses, may hold anything.
            let fields = stat[(stat.lastIndex(of: ")") ?? stat.startIndex)...].split(separator: " ")
            guard fields.count > 13, let user = Double(fields[12]), let system = Double(fields[13]) else { return .nan }
            // Linux counts in hundredths for everybody.
            return (user + system) / 100
        }
    }

    /// The most memory that it had resident so far, in MiB.
    var peakMiB: Double { get throws { try memoryMiB("VmHWM", of: self.process) } }

    /// The memory that it has resident, in MiB.
    var residentMiB: Double { get throws { try memoryMiB("VmRSS", of: self.process) } }
}
