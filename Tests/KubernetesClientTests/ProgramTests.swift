import Foundation
import Testing

@testable import KubernetesClient

@Suite("Program")
struct ProgramTests {
    private func run(_ script: String, within limit: Duration = .seconds(60)) async throws -> Program.Result {
        try await Program(command: "sh", arguments: ["-c", script], environment: ["OWN": "mine"]).run(within: limit)
    }

    @Test("Both outputs come back whole, and the exit code")
    func outputs() async throws {
        let result = try await self.run("echo out; echo err >&2; exit 3")
        #expect(result == Program.Result(end: .exited(3), output: Array("out\n".utf8), errors: Array("err\n".utf8)))
    }

    @Test("More than a pipe holds comes back whole too")
    func muchOutput() async throws {
        let result = try await self.run("head -c 500000 /dev/zero; head -c 500000 /dev/zero >&2")
        #expect(result.output.count == 500_000)
        #expect(result.errors.count == 500_000)
    }

    @Test("Its own variables come on top of the process's")
    func environment() async throws {
        let result = try await self.run(#"echo "$OWN ${PATH:+path}""#)
        #expect(String(decoding: result.output, as: UTF8.self) == "mine path\n")
    }

    @Test("It has no standard input to wait for")
    func noInput() async throws {
        #expect(try await self.run("cat").end == .exited(0))
    }

    @Test("A signal that ended it is told")
    func signal() async throws {
        #expect(try await self.run("kill -9 $$").end == .signalled(9))
    }

    @Test(
        "A program that is not there, and one that may not be run",
        arguments: ["no-such-program", "/no/such/program"]
    )
    func missing(_ command: String) async {
        await #expect(throws: Program.Failure.notFound) {
            try await Program(command: command, arguments: [], environment: [:]).run(within: .seconds(60))
        }
    }

    @Test("More output than any credential needs is an error")
    func tooMuch() async {
        await #expect(throws: Program.Failure.notRun("it wrote more than 1048576 bytes")) {
            try await self.run("head -c 2000000 /dev/zero")
        }
    }

    @Test("A slow program is ended in time, also when its children hold its outputs open")
    func slow() async {
        await #expect(throws: Program.Failure.timedOut) {
            try await self.run("sleep 300 & sleep 300", within: .milliseconds(200))
        }
    }

    @Test("A task that is cancelled ends the program")
    func cancelled() async {
        let task = Task { try await self.run("sleep 300") }
        task.cancel()
        await #expect(throws: Program.Failure.cancelled) { try await task.value }
    }

    @Test("A file that may not be run, or is no program, is an error of one line", arguments: [0o600, 0o700])
    func notRunnable(_ permissions: Int) async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("no program", to: "login")
        try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: path)
        let failure = await #expect(throws: Program.Failure.self) {
            try await Program(command: path, arguments: [], environment: [:]).run(within: .seconds(60))
        }
        guard case .notRun(let why) = failure else {
            #expect(failure == .notFound)
            return
        }
        #expect(!why.isEmpty && !why.contains("\n"))
    }
}
