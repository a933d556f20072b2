import Foundation
import TestFiles
import Testing

/// The commands that the pages show: those that need no cluster are run, the others are looked at as far as that goes.
///
/// Those of kubectl are run by the end-to-end tests (`EndToEnd.DocumentationTests`, `Afterwards.QuickStartTests`).
@Suite("The commands that the documentation shows")
struct CommandTests {
    /// What a page may ask a user to run.
    private static let programs: Set = [
        "curl", "docker", "eval", "export", "hack", "kind", "kubectl", "ln", "make", "minikube", "sha256sum", "swift",
        "todoapp-operator",
    ]
    /// What no machine of ours has: their blocks say so.
    private static let missing: Set = ["docker", "kind", "minikube"]

    @Test("A command stands in a block that is marked as such, and what needs Minikube, kind or Docker says so")
    func marks() throws {
        for page in try Repository.pages() {
            for line in page.plainLines {
                let program = line.split(separator: " ").first.map(String.init) ?? ""
                #expect(!Self.programs.contains(program), "\(page.path): mark the block as sh or console: \(line)")
            }
            for command in page.commands {
                let program = command.words.first?.split(separator: "/").first.map(String.init) ?? ""
                #expect(Self.programs.contains(program), "\(command)")
                let isMissing = command.words.contains(where: Self.missing.contains)
                #expect(!isMissing || command.need != nil, "no test can run \(command)")
            }
        }
    }

    @Test("Every target of make that a page names is there")
    func makeTargets() throws {
        let targets = try Repository.makeTargets()
        #expect(targets.isSuperset(of: ["demo", "test", "install.yaml"]))
        for page in try Repository.pages() {
            for words in Self.lines(of: page) where words.first == "make" {
                let named = words.dropFirst().filter { !$0.contains("=") }.prefix(1)
                #expect(named.allSatisfy(targets.contains), "\(page.path): \(words.joined(separator: " "))")
            }
        }
    }

    @Test("Every script that a page names is there, and can be run")
    func scripts() throws {
        for page in try Repository.pages() {
            for words in Self.lines(of: page) {
                for word in words where word.hasPrefix("hack/") {
                    #expect(FileManager.default.fileExists(atPath: Repository.file(word)), "\(page.path): \(word)")
                    guard !word.contains("."), word == words.first else { continue }
                    let isProgram = FileManager.default.isExecutableFile(atPath: Repository.file(word))
                    #expect(isProgram, "\(page.path): \(word)")
                }
            }
        }
    }

    @Test("Every file and folder that kubectl is to apply is there")
    func manifests() throws {
        for page in try Repository.pages() {
            let shown = page.files.map(\.name)
            for words in Self.lines(of: page) where words.first == "kubectl" {
                for (option, path) in zip(words, words.dropFirst()) {
                    guard ["-f", "-k", "--patch-file"].contains(option) else { continue }
                    guard !["-", "FILE", "install.yaml"].contains(path), !shown.contains(path) else { continue }
                    #expect(FileManager.default.fileExists(atPath: Repository.file(path)), "\(page.path): \(path)")
                }
            }
        }
    }

    @Test("The program takes every command line, does what it says, and prints what the page shows")
    func program() async throws {
        var count = 0
        for page in try Repository.pages() {
            let folder = try CommandLineFolder()
            defer { folder.remove() }
            for file in page.files {
                try folder.write(file.text, to: file.name)
                guard file.text.contains("kind: TodoApp") else { continue }
                let ending = try await folder.run("todoapp-operator validate -f \(file.name)")
                #expect(ending.code == 0, "\(page.path): \(file.name): \(ending.output)")
            }
            for command in page.commands where command.need == nil && Self.isOurs(command.words) {
                let ending = try await folder.run(Self.filledIn(command.text))
                #expect(ending.code == Self.code(of: command.words), "\(command): \(ending.output)")
                if command.words[0] == "todoapp-operator", !command.output.isEmpty {
                    #expect(command.shows(ending.output), "\(command):\n\(ending.output)")
                }
                count += 1
            }
            for span in page.spans {
                let words = span.split(separator: " ").map(String.init)
                guard words.count > 1, Self.isOurs(words), words.last != "todoapp" else { continue }
                let ending = try await folder.run(Self.filledIn(span))
                #expect(ending.code == Self.code(of: words), "\(page.path): \(span): \(ending.output)")
                count += 1
            }
        }
        #expect(count > 20)
    }

    /// The words of everything that looks like a command line, in blocks and in the text.
    private static func lines(of page: DocumentedPage) -> [[String]] {
        let spans = page.spans.map { span in
            Array(span.split(separator: " ").map(String.init).drop { $0.contains("=") })
        }
        return page.commands.map(\.words) + spans
    }

    private static func isOurs(_ words: [String]) -> Bool {
        words.first == "todoapp-operator" || words.starts(with: ["kubectl", "todoapp"])
    }

    /// There is no cluster: what asks for one says so, and ends with 1; 2 would be a wrong call.
    private static func code(of words: [String]) -> Int {
        let needsCluster = words.contains { ["run", "kubectl", "--diff"].contains($0) }
        return needsCluster && !words.contains("--help") ? 1 : 0
    }

    /// What stands for a name, with one that there is.
    private static func filledIn(_ line: String) -> String {
        let names = [
            "FILE": "config/samples/taskflow.yaml", "NAME": "taskflow", "NS": "todo-app", "COMPONENT": "backend",
        ]
        return names.reduce(line) { line, name in
            line.split(separator: " ").map { $0 == name.key ? name.value : String($0) }.joined(separator: " ")
        }
    }
}
