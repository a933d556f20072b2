import Foundation
import JSON
import Synchronization
import Testing

/// The operator as admins install it: `config/minikube`, with the image that the Dockerfile gives, under its own account.
///
/// One pod at a time, which tests may stop and start again.
actor OperatorPod {
    /// Where it runs, and what it and its Deployment are called there.
    static let namespace = "todoapp-operator"
    static let name = "todoapp-operator"
    /// As whom the API server knows it.
    static let user = "system:serviceaccount:\(namespace):\(name)"

    private let kubectl: Kubectl
    private nonisolated let watch: ClusterWatch
    private nonisolated let running = Mutex<String?>(nil)
    private var formerLogs = ""

    /// An operator that is not installed yet.
    init(_ kubectl: Kubectl, _ watch: ClusterWatch) {
        self.kubectl = kubectl
        self.watch = watch
    }

    /// Applies `config/minikube` with no replica: ``start()`` comes next.
    func install() async throws {
        try await Installation("config/minikube", kubectl: self.kubectl).apply()
        let patch: JSONValue = [
            ["op": "replace", "path": "/spec/replicas", "value": 0],
            // The one that hack/sample-images has made of Debian's PostgreSQL.
            [
                "op": "add", "path": "/spec/template/spec/containers/0/args/-",
                "value": "--database-image=todoapp-postgres:local",
            ],
        ]
        try await self.kubectl(
            "patch",
            "deployment",
            Self.name,
            "-n",
            Self.namespace,
            "--type",
            "json",
            "-p",
            patch.text()
        )
        try await eventually("no operator of an earlier run is there") { self.pods.isEmpty }
    }

    /// Starts it, and returns when its pod is ready.
    func start() async throws {
        try await self.scale(to: 1)
        let pod = try await eventually(
            "the operator is ready",
            within: .seconds(60),
            lastSeen: { self.pods.map { $0.at("status")?.text() ?? "" }.joined(separator: "\n") },
            { self.pods.first { $0.isTrue("Ready") && !$0.isGoing } }
        )
        self.running.withLock { $0 = pod.name }
    }

    /// Stops it as Kubernetes does; it must end by itself, and well.
    func stop() async throws {
        guard let name = self.running.withLock({ $0 }) else { return }
        #expect(!self.hasEndedUnasked, "the operator has ended before anybody told it to")
        self.formerLogs += try await self.kubectl("logs", name, "-n", Self.namespace)
        self.running.withLock { $0 = nil }
        try await self.scale(to: 0)
        try await eventually("its pod is gone") { self.pods.isEmpty }
        // A kubelet in a hurry takes the pod away before it tells how the container ended.
        let ends = self.watch.history(.pods, Self.namespace, name).compactMap {
            $0.object.at("status.containerStatuses[0].state.terminated")
        }
        #expect(ends.allSatisfy { $0["exitCode"] == 0 }, "SIGTERM ends the operator with 0: \(ends)")
    }

    /// Everything that it has logged.
    var logText: String {
        get async throws {
            guard let name = self.running.withLock({ $0 }) else { return self.formerLogs }
            return self.formerLogs + (try await self.kubectl("logs", name, "-n", Self.namespace))
        }
    }

    /// Whether it has ended although nobody had told it to: then nothing is worth waiting for.
    nonisolated var hasEndedUnasked: Bool {
        guard let name = self.running.withLock({ $0 }) else { return false }
        let pod = self.watch.object(.pods, Self.namespace, name)
        return (pod?.at("status.containerStatuses[0].restartCount")?.integer ?? 1) > 0
    }

    private nonisolated var pods: [JSONValue] { self.watch.objects(.pods, Self.namespace) }

    private func scale(to replicas: Int) async throws {
        try await self.kubectl(
            "scale",
            "deployment",
            Self.name,
            "-n",
            Self.namespace,
            "--replicas=\(replicas)"
        )
    }
}
