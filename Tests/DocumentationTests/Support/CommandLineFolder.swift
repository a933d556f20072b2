import Foundation
import Subprocess
import SystemPackage

/// A folder in which command lines of one page run, one after the other, without a cluster.
///
/// `todoapp-operator` and `kubectl todoapp` are the program that lies beside the tests; the repository's folders are there.
struct CommandLineFolder {
    /// What came of a command line.
    struct Ending {
        /// The exit code; minus the signal where there was one.
        var code: Int
        var output: String
    }

    private let folder: URL

    init() throws {
        self.folder = FileManager.default.temporaryDirectory.appending(path: "documentation-\(UUID().uuidString)")
        let programs = self.folder.appending(path: ".bin")
        let manager = FileManager.default
        try manager.createDirectory(at: programs, withIntermediateDirectories: true)
        let program = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appending(path: "todoapp-operator")
        for name in ["todoapp-operator", "kubectl-todoapp"] {
            try manager.createSymbolicLink(at: programs.appending(path: name), withDestinationURL: program)
        }
        // kubectl finds its plugins by their names, and does nothing else with them.
        let kubectl = programs.appending(path: "kubectl")
        try Data("#!/bin/sh\nplugin=kubectl-$1\nshift\nexec \"$plugin\" \"$@\"\n".utf8).write(to: kubectl)
        try manager.setAttributes([.posixPermissions: 0o755], ofItemAtPath: kubectl.path())
        for name in ["config", "docs"] {
            try manager.createSymbolicLink(
                at: self.folder.appending(path: name),
                withDestinationURL: URL(filePath: Repository.file(name))
            )
        }
    }

    /// Takes the folder away.
    func remove() { try? FileManager.default.removeItem(at: self.folder) }

    /// Makes a file that the page shows.
    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: self.folder.appending(path: name))
    }

    /// Runs a command line.
    func run(_ line: String) async throws -> Ending {
        let result = try await Subprocess.run(
            .name("bash"),
            arguments: ["-c", line],
            environment: .inherit.updating([
                "PATH": "\(self.folder.path())/.bin:/usr/bin:/bin", "HOME": self.folder.path(),
                "KUBECONFIG": "\(self.folder.path())/nowhere", "LC_ALL": "C.UTF-8",
            ]),
            workingDirectory: FilePath(self.folder.path()),
            output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 20)
        )
        let code =
            switch result.terminationStatus {
            case .exited(let code): Int(code)
            case .signaled(let signal): -Int(signal)
            }
        return Ending(code: code, output: result.standardOutput + result.standardError)
    }
}
