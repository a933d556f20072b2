import Foundation
import JSON
import TestFiles
import Testing

/// A shell in which the command lines of one page run, one after the other, on the cluster.
struct DocumentedSession {
    private let folder: URL
    private let plugins: String
    private let environment: [String: String]
    /// What stands in the page's commands for a name of this run.
    private let names: [String: String]

    /// Makes a folder with what the page takes for given: the repository's manifests, the program, the plugin.
    ///
    /// - Parameters:
    ///   - page: Files that it shows lie in the folder.
    ///   - namespace: The one that kubectl takes where a command names none; `nil` for the kubeconfig's own.
    ///   - names: Words of the page's and what they are here.
    ///   - isDryRun: Whether kubectl only asks what would be written.
    init(
        _ page: DocumentedPage,
        on cluster: ClusterUnderTest,
        namespace: String? = nil,
        names: [String: String] = [:],
        isDryRun: Bool
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "documented-\(UUID().uuidString)")
        let (shims, programs, plugins) = (
            folder.appending(path: "shims"), folder.appending(path: "programs"), folder.appending(path: "plugins")
        )
        for folder in [shims, programs, plugins] {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        }
        func link(_ name: String, in folder: URL, to path: String) throws {
            let destination = URL(filePath: path)
            try FileManager.default.createSymbolicLink(
                at: folder.appending(path: name),
                withDestinationURL: destination
            )
        }
        try link("kubectl", in: shims, to: ClusterUnderTest.file("hack/test/kubectl"))
        try link("todoapp-operator", in: programs, to: cluster.program)
        // A page that says how to install the plugin installs it.
        if !page.commands.contains(where: { $0.words.first == "ln" }) {
            try link("kubectl-todoapp", in: plugins, to: cluster.program)
        }
        for name in ["config", "crds", "hack"] { try link(name, in: folder, to: ClusterUnderTest.file(name)) }
        for file in page.files { try Data(file.text.utf8).write(to: folder.appending(path: file.name)) }
        let kubeconfig = folder.appending(path: "kubeconfig").path()
        try FileManager.default.copyItem(atPath: cluster.kubeconfig, toPath: kubeconfig)
        if let namespace {
            let kubectl = Kubectl(kubeconfig: kubeconfig)
            try await kubectl("config", "set-context", "--current", "--namespace", namespace)
        }
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        self.folder = folder
        self.plugins = plugins.path()
        self.names = names
        self.environment = [
            "PATH": "\(shims.path()):\(programs.path()):\(plugins.path()):\(path)", "KUBECONFIG": kubeconfig,
            "DRY_RUN": isDryRun ? "1" : "", "LC_ALL": "C.UTF-8",
        ]
    }

    /// Takes the folder away.
    func remove() { try? FileManager.default.removeItem(at: self.folder) }

    /// Runs a command line with the names of this run in it.
    func run(_ command: DocumentedCommand) async throws -> ProgramRun {
        // A name may stand within a word: todoapp/NAME, pods/POD:8081.
        let line = command.text.replacing(/[A-Za-z][A-Za-z-]*/) { self.names[String($0.output)] ?? String($0.output) }
            .replacing("/usr/local/bin", with: self.plugins)
        let script = "cd '\(self.folder.path())' && \(line)"
        return try await ProgramRun("bash", ["-c", script], environment: self.environment)
    }
}
