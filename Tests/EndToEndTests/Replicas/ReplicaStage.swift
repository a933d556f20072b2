import Foundation
import JSON
import Synchronization
import Testing

/// What the tests of replicas share: a control plane without a node, and nobody else's operator.
struct ReplicaStage: Sendable {
    let kubectl: Kubectl
    let program: String
    let auditLog: String
    private let operatorKubeconfig: String

    /// What whoever skips these tests is told.
    static let whatIsMissing: Comment = """
        no control plane: hack/cluster up --control-plane-only, kubectl apply -f crds/, eval "$(hack/cluster env)", \
        TODOAPP_OPERATOR=<the program>, FAULT_TESTS=1
        """

    /// The control plane that the environment names, where there must be one.
    static var required: ReplicaStage {
        get throws { try #require(Self.fromEnvironment) }
    }

    /// Whether there is such a control plane, and these tests are meant.
    static var isThere: Bool { Self.fromEnvironment != nil }

    /// The control plane that the environment names.
    static var fromEnvironment: ReplicaStage? {
        let environment = ProcessInfo.processInfo.environment
        guard environment["FAULT_TESTS"] == "1",
            let kubeconfig = environment["KUBECONFIG"],
            let operatorKubeconfig = environment["OPERATOR_KUBECONFIG"],
            let auditLog = environment["AUDIT_LOG"],
            let program = environment["TODOAPP_OPERATOR"]
        else { return nil }
        return ReplicaStage(
            kubectl: Kubectl(kubeconfig: kubeconfig),
            program: program,
            auditLog: auditLog,
            operatorKubeconfig: operatorKubeconfig
        )
    }

    /// A kubeconfig that acts as somebody, which the audit log shows.
    func kubeconfig(actingAs user: String, groups: [String]) throws -> String {
        let path = FileManager.default.temporaryDirectory.appending(path: "replica-\(user)-\(UUID().uuidString)").path()
        let text = try String(contentsOfFile: self.operatorKubeconfig, encoding: .utf8)
        let names = groups.map { "\"\($0)\"" }.joined(separator: ", ")
        // The user is the last thing in the file.
        try (text + "    as: \(user)\n    as-groups: [\(names)]\n").write(
            toFile: path,
            atomically: true,
            encoding: .utf8
        )
        return path
    }

    /// Runs a body in a namespace of its own, with replicas that share a lease there.
    func with(
        _ purpose: String,
        _ body: (ReplicaScene) async throws -> Void
    ) async throws {
        let namespace = "replicas-\(purpose)-\(UUID().uuidString.lowercased().prefix(5))"
        try await self.kubectl.apply(
            ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(namespace)]]
        )
        let scene = ReplicaScene(stage: self, namespace: namespace)
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(scene))
        } catch {
            result = .failure(error)
        }
        await scene.clearAway()
        try await self.kubectl("delete", "namespace", namespace, "--wait=false")
        try result.get()
    }
}

/// A namespace with replicas.
final class ReplicaScene: Sendable {
    let stage: ReplicaStage
    let namespace: String
    private let replicas = SendableList<Replica>()

    init(stage: ReplicaStage, namespace: String) {
        self.stage = stage
        self.namespace = namespace
    }

    /// Starts a replica that takes part in the election.
    func replica(
        _ name: String,
        groups: [String] = ["system:masters"],
        flags: [String] = [],
        environment: [String: String] = [:]
    ) throws -> Replica {
        let replica = try Replica(
            self.stage,
            user: "\(self.namespace)-\(name)",
            groups: groups,
            flags: [
                "--namespace", self.namespace, "--leader-elect", "--leader-elect-resource-namespace", self.namespace,
            ] + flags,
            environment: environment
        )
        self.replicas.append(replica)
        return replica
    }

    func clearAway() async {
        for replica in self.replicas.all { await replica.clearAway() }
    }

    /// Waits until a replica leads; how long that took.
    func waitUntilLeads(_ replica: Replica, within limit: Duration = .seconds(60)) async throws -> Duration {
        let start = ContinuousClock.now
        try await answered("\(replica.user) leads", within: limit, lastSeen: { replica.logText }) {
            replica.leads ? () : nil
        }
        return ContinuousClock.now - start
    }

    /// Applies an app whose Secret is not there: it needs a status and a few children, and no node.
    func apply(_ name: String, version: String = "1.0.0", labels: [String: String] = [:]) async throws {
        try await self.apply([name], version: version, labels: labels)
    }

    /// Applies several such apps at once.
    func apply(_ names: [String], version: String = "1.0.0", labels: [String: String]) async throws {
        var marks: JSONValue = [:]
        for (key, value) in labels { marks[key] = .string(value) }
        let apps: [JSONValue] = names.map { name in
            [
                "apiVersion": "todo.taskflow.dev/v1alpha1", "kind": "TodoApp",
                "metadata": [
                    "name": .string(name), "namespace": .string(self.namespace),
                    "labels": marks,
                ],
                "spec": [
                    "version": .string(version), "backend": [:], "frontend": [:],
                    "secrets": ["from": [["secretName": "nowhere"]]],
                ],
            ]
        }
        try await self.stage.kubectl.apply(apps)
    }

    /// Waits until the status of an app says that its spec was seen.
    func waitUntilObserved(_ name: String) async throws {
        try await self.waitUntilObserved([name])
    }

    /// Waits until the status of each of several apps says that its spec was seen.
    func waitUntilObserved(_ names: [String]) async throws {
        try await answered("\(names.joined(separator: ", ")): observed") { () async throws -> Void? in
            let list = try await self.stage.kubectl.json("get", "todoapps", "-n", self.namespace)
            let observed = (list["items"]?.array ?? []).filter { app in
                app.at("status.observedGeneration") == app.at("metadata.generation")
            }
            // Whoever applies them may not have come to all yet.
            return Set(names).isSubset(of: observed.map(\.name)) ? () : nil
        }
    }

    /// Who wrote what to the API server in this namespace, in the order in which it came; leases are nobody's work.
    func writes() throws -> [(user: String, verb: String, uri: String, time: String)] {
        let text = try String(contentsOfFile: self.stage.auditLog, encoding: .utf8)
        return text.split(separator: "\n").compactMap { line in
            guard line.contains(self.namespace), let event = try? JSONValue(parsing: String(line)),
                let user = event.at("impersonatedUser.username")?.string, user.hasPrefix(self.namespace),
                let verb = event.at("verb")?.string, !["get", "list", "watch"].contains(verb),
                event.at("objectRef.resource")?.string != "leases"
            else { return nil }
            return (
                user, verb, event.at("requestURI")?.string ?? "", event.at("requestReceivedTimestamp")?.string ?? ""
            )
        }.sorted { $0.time < $1.time }
    }
}

/// A list that several tasks add to.
private final class SendableList<Element: Sendable>: Sendable {
    private let elements = Mutex<[Element]>([])

    var all: [Element] { self.elements.withLock { $0 } }

    func append(_ element: Element) {
        self.elements.withLock { $0.append(element) }
    }
}
