import KubernetesTesting
import Locks
import Testing

@testable import KubernetesClient

/// A plugin whose answers are a script, and the time as its credential knows it.
private final class ScriptedPlugin: Sendable {
    typealias Answer = Result<Program.Result, Program.Failure>

    private let state: Locked<(answers: [Answer], runs: Int, cancelled: Int)>
    private let seconds = Locked(1000.0)
    /// Given when a run may end; `nil` for at once.
    let gate: Signal?

    init(_ answers: [Answer], gate: Signal? = nil) {
        self.state = Locked((answers, 0, 0))
        self.gate = gate
    }

    var runs: Int { self.state.withLock { $0.runs } }
    var cancelled: Int { self.state.withLock { $0.cancelled } }

    func advance(by seconds: Double) {
        self.seconds.withLock { $0 += seconds }
    }

    func credential() -> ExecCredential {
        let plugin = ExecPlugin(
            origin: "/config: users[0].user.exec",
            version: .v1,
            command: "login",
            arguments: [],
            environment: [:],
            installHint: "get it\n  from the shop",
            cluster: nil
        )
        return ExecCredential(
            plugin,
            run: { _ async throws(Program.Failure) in try await self.run() },
            now: { self.seconds.withLock { $0 } }
        )
    }

    private func run() async throws(Program.Failure) -> Program.Result {
        self.state.withLock { $0.runs += 1 }
        if let gate = self.gate, await !gate.wait() {
            self.state.withLock { $0.cancelled += 1 }
            throw .cancelled
        }
        let answer: Answer = self.state.withLock { state in
            state.answers.isEmpty ? .failure(.notRun("no answer is left")) : state.answers.removeFirst()
        }
        return try answer.get()
    }

    /// A token that holds until a second of 1970.
    static func token(_ token: String, until end: Int? = nil) -> Answer {
        let time = end.map { seconds in
            let (minutes, rest) = seconds.quotientAndRemainder(dividingBy: 60)
            let text = "1970-01-01T00:\(minutes < 10 ? "0" : "")\(minutes):\(rest < 10 ? "0" : "")\(rest)Z"
            return #", "expirationTimestamp": "\#(text)""#
        }
        let json = """
            {"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", \
            "status": {"token": "\(token)"\(time ?? "")}}
            """
        return .success(Program.Result(end: .exited(0), output: Array(json.utf8), errors: []))
    }

    static func exit(_ code: Int, _ errors: String) -> Answer {
        .success(Program.Result(end: .exited(code), output: Array("s3cret".utf8), errors: Array(errors.utf8)))
    }
}

extension ExecCredential {
    fileprivate func token() async throws -> String {
        try await self.headers().map(\.value).joined()
    }

    fileprivate func refuse(_ token: String) async -> Bool {
        await self.invalidate([(name: "Authorization", value: "Bearer \(token)")])
    }
}

@Suite("ExecCredential")
struct ExecCredentialTests {
    @Test("A credential without an end is asked for once")
    func once() async throws {
        let plugin = ScriptedPlugin([ScriptedPlugin.token("one")])
        let credential = plugin.credential()
        #expect(try await credential.token() == "Bearer one")
        plugin.advance(by: 1_000_000)
        #expect(try await credential.token() == "Bearer one")
        #expect(plugin.runs == 1)
    }

    @Test("It is exchanged a minute before its end, and a short-lived one at half of its life")
    func expiry() async throws {
        let plugin = ScriptedPlugin([
            ScriptedPlugin.token("one", until: 1300), ScriptedPlugin.token("two", until: 1280),
            ScriptedPlugin.token("three"),
        ])
        let credential = plugin.credential()
        #expect(try await credential.token() == "Bearer one")
        plugin.advance(by: 239)
        #expect(try await credential.token() == "Bearer one")
        plugin.advance(by: 1)
        #expect(try await credential.token() == "Bearer two")
        plugin.advance(by: 19)
        #expect(try await credential.token() == "Bearer two")
        plugin.advance(by: 1)
        #expect(try await credential.token() == "Bearer three")
    }

    @Test("Where the exchange fails, the credential is used until its end, and the plugin is asked again now and then")
    func failedExchange() async throws {
        let plugin = ScriptedPlugin([
            ScriptedPlugin.token("one", until: 1300), ScriptedPlugin.exit(1, ""), ScriptedPlugin.exit(1, "no network"),
        ])
        let credential = plugin.credential()
        _ = try await credential.token()
        plugin.advance(by: 250)
        #expect(try await credential.token() == "Bearer one")
        #expect(try await credential.token() == "Bearer one")
        #expect(plugin.runs == 2)
        plugin.advance(by: 50)
        await #expect(throws: CredentialError.self) { try await credential.token() }
        #expect(plugin.runs == 3)
    }

    @Test("Many who ask together share one run")
    func singleFlight() async throws {
        let gate = Signal()
        let plugin = ScriptedPlugin([ScriptedPlugin.token("one")], gate: gate)
        let credential = plugin.credential()
        let tokens = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<50 {
                group.addTask { try await credential.token() }
            }
            #expect(await eventually { plugin.runs == 1 })
            gate.give()
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(tokens == ["Bearer one"])
        #expect(plugin.runs == 1)
    }

    @Test("After a refusal the plugin runs again, once for all who were refused with the same token")
    func refused() async throws {
        let plugin = ScriptedPlugin([ScriptedPlugin.token("one"), ScriptedPlugin.token("two")])
        let credential = plugin.credential()
        _ = try await credential.token()
        #expect(await credential.refuse("one"))
        #expect(try await credential.token() == "Bearer two")
        #expect(await credential.refuse("one"))
        #expect(try await credential.token() == "Bearer two")
        #expect(plugin.runs == 2)
    }

    @Test("The plugin is ended when nobody waits for it any more, and not before")
    func cancelled() async throws {
        let gate = Signal()
        let plugin = ScriptedPlugin([ScriptedPlugin.token("one")], gate: gate)
        let credential = plugin.credential()
        let (first, second) = (Task { try await credential.token() }, Task { try await credential.token() })
        #expect(await eventually { plugin.runs == 1 })
        first.cancel()
        second.cancel()
        await #expect(throws: CredentialError.cancelled) { try await first.value }
        await #expect(throws: CredentialError.cancelled) { try await second.value }
        #expect(plugin.cancelled == 1)
    }

    @Test(
        "Each failure is one line that says what to do",
        arguments: [
            (.failure(.notFound), #"there is no program "login": get it from the shop"#),
            (.failure(.notRun("permission denied")), #""login" cannot be run: permission denied"#),
            (.failure(.timedOut), "it did not end within 30.0 seconds"),
            (ScriptedPlugin.exit(2, "usage:\n log in\tfirst \n\n"), "it exited with 2: log in first"),
            (ScriptedPlugin.exit(3, ""), "it exited with 3 and wrote nothing to its standard error"),
            (
                .success(Program.Result(end: .signalled(9), output: [], errors: Array("out of memory".utf8))),
                "it was ended by signal 9: out of memory"
            ),
            (
                .success(Program.Result(end: .exited(0), output: Array("s3cret".utf8), errors: [])),
                "what it printed cannot be used: it is neither JSON nor YAML"
            ),
        ] as [(Result<Program.Result, Program.Failure>, String)]
    )
    func messages(_ answer: Result<Program.Result, Program.Failure>, _ text: String) async {
        do {
            _ = try await ScriptedPlugin([answer]).credential().token()
            Issue.record("it did not fail")
        } catch {
            #expect("\(error)" == "/config: users[0].user.exec: \(text)")
        }
    }
}
