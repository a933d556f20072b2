import JSON
import KubectlTodoApp
import KubernetesAPI
import TodoAppOperator

/// When all that is drawn here happens.
let noon = Timestamp.seconds("2026-01-01T12:00:00Z") ?? 0

/// A TodoApp and what belongs to it, as a cluster has it.
struct Scene {
    var spec: JSONValue = ["version": "1.0.0", "environment": "Minikube", "backend": [:], "frontend": [:]]
    var generation: Int64 = 3
    var observed: Int64 = 3
    var conditions: [JSONValue] = []
    var components: [(name: String, status: JSONValue)] = []
    var summary = ""
    var annotations: [String: String] = [:]
    var lastHandledRestartAt: String?
    var deletionTimestamp: String?
    var revisions: [JSONValue] = []
    var pods: [JSONValue] = []

    /// The TodoApp as the API server gives it.
    var app: JSONValue {
        var metadata: JSONValue = [
            "name": "taskflow", "namespace": "todo-app", "uid": "uid-app", "generation": .integer(self.generation),
            "creationTimestamp": "2026-01-01T11:50:00Z", "annotations": JSONValue(self.annotations),
        ]
        metadata["deletionTimestamp"] = self.deletionTimestamp.map { .string($0) }
        var app: JSONValue = [
            "apiVersion": "todo.taskflow.dev/v1alpha1", "kind": "TodoApp", "metadata": metadata, "spec": self.spec,
        ]
        app["status"] = ["observedGeneration": .integer(self.observed)]
        guard self.observed >= 0 else { return app }
        app["status"]?["conditions"] = .array(self.conditions)
        app["status"]?["summary"] = .string(self.summary)
        app["status"]?["lastHandledRestartAt"] = self.lastHandledRestartAt.map { .string($0) }
        for (name, status) in self.components {
            var components = app["status"]?["components"] ?? [:]
            components[name] = status
            app["status"]?["components"] = components
        }
        return app
    }

    /// What the plugin reads of it.
    func snapshot(gaps: [String] = []) throws -> AppSnapshot {
        AppSnapshot(
            app: try TodoAppObject(json: self.app),
            revisions: try self.revisions.map { try Revision(json: $0) },
            pods: try self.pods.map { try Pod(json: $0) },
            gaps: gaps
        )
    }

    // MARK: Parts

    static func condition(_ type: String, _ status: String, _ reason: String, _ message: String) -> JSONValue {
        [
            "type": .string(type), "status": .string(status), "reason": .string(reason), "message": .string(message),
            "observedGeneration": 3, "lastTransitionTime": "2026-01-01T11:59:00Z",
        ]
    }

    static func component(
        _ name: String,
        ready: Int64,
        desired: Int64,
        updated: Int64? = nil,
        revision: String,
        image: String? = nil,
        failures: [JSONValue] = []
    ) -> (name: String, status: JSONValue) {
        var status: JSONValue = [
            "image": .string(image ?? "taskflow-\(name):1.0.0"), "desired": .integer(desired),
            "updated": .integer(updated ?? desired), "ready": .integer(ready), "available": .integer(ready),
            "readyText": .string("\(ready)/\(desired)"), "revision": .string(revision), "restarts": 0,
            "url": .string("http://taskflow-\(name):\(name == "backend" ? 8000 : 3000)"),
        ]
        status["failures"] = failures.isEmpty ? nil : .array(failures)
        return (name, status)
    }

    static func failure(
        _ reason: String,
        raw: String,
        _ message: String,
        pod: String = "",
        hint: String = ""
    ) -> JSONValue {
        var failure: JSONValue = [
            "reason": .string(reason), "rawReason": .string(raw), "message": .string(message), "restartCount": 0,
        ]
        failure["pod"] = pod.isEmpty ? nil : .string(pod)
        failure["hint"] = hint.isEmpty ? nil : .string(hint)
        return failure
    }

    static func replicaSet(
        _ component: String,
        _ hash: String,
        number: Int,
        desired: Int,
        replicas: Int? = nil,
        ready: Int,
        version: String = "1.0.0"
    ) -> JSONValue {
        [
            "metadata": [
                "name": .string("taskflow-\(component)-\(hash)"), "namespace": "todo-app",
                "uid": .string("uid-\(component)-\(hash)"),
                "creationTimestamp": "2026-01-01T11:55:00Z",
                "labels": [
                    "pod-template-hash": .string(hash), "app.kubernetes.io/component": .string(component),
                ],
                "annotations": ["deployment.kubernetes.io/revision": .string("\(number)")],
            ],
            "spec": [
                "replicas": JSONValue(desired),
                "template": [
                    "spec": ["containers": [["image": .string("taskflow-\(component):\(version)")]]]
                ],
            ],
            "status": ["replicas": JSONValue(replicas ?? desired), "readyReplicas": JSONValue(ready)],
        ]
    }

    static func pod(
        _ component: String,
        _ hash: String,
        _ suffix: String,
        state: JSONValue = ["running": ["startedAt": "2026-01-01T11:55:10Z"]],
        phase: String = "Running",
        isReady: Bool = true,
        restarts: Int = 0,
        isGoing: Bool = false,
        conditions: [JSONValue] = [],
        node: String = "minikube"
    ) -> JSONValue {
        let name = "taskflow-\(component)-\(hash)-\(suffix)"
        var pod: JSONValue = [
            "metadata": [
                "name": .string(name), "namespace": "todo-app", "uid": .string("uid-\(name)"),
                "creationTimestamp": "2026-01-01T11:55:02Z",
                "labels": ["app.kubernetes.io/component": .string(component)],
                "ownerReferences": [
                    [
                        "apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "rs",
                        "uid": .string("uid-\(component)-\(hash)"), "controller": true,
                    ]
                ],
            ],
            "spec": ["nodeName": .string(node)],
            "status": [
                "phase": .string(phase),
                "conditions": .array(
                    conditions + [["type": "Ready", "status": .string(isReady ? "True" : "False")]]
                ),
            ],
        ]
        if !node.isEmpty {
            pod["status"]?["containerStatuses"] = [
                [
                    "name": .string(component), "image": "i", "imageID": "d", "ready": .bool(isReady),
                    "started": true, "restartCount": JSONValue(restarts), "state": state,
                ]
            ]
        }
        if isGoing { pod["metadata"]?["deletionTimestamp"] = "2026-01-01T11:59:30Z" }
        return pod
    }
}
