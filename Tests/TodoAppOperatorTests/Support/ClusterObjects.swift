import JSON
import KubernetesAPI

/// Pods as a kubelet reports them.
enum PodJSON {
    /// A pod of a ReplicaSet.
    static func pod(
        _ name: String = "web-1",
        of replicaSet: String = "rs-current",
        containers: [JSONValue] = [],
        initContainers: [JSONValue] = [],
        conditions: [JSONValue] = [],
        reason: String = "",
        message: String = "",
        phase: String = "Running",
        isBeingDeleted: Bool = false
    ) throws -> Pod {
        var metadata: JSONValue = [
            "name": .string(name), "namespace": "todo-app", "uid": .string("uid-\(name)"),
            "ownerReferences": [
                [
                    "apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "rs", "uid": .string(replicaSet),
                    "controller": true,
                ]
            ],
        ]
        metadata["deletionTimestamp"] = isBeingDeleted ? "2026-01-01T00:00:00Z" : nil
        return try Pod(json: [
            "metadata": metadata,
            "spec": ["nodeName": "node-1"],
            "status": [
                "phase": .string(phase), "reason": .string(reason), "message": .string(message),
                "conditions": .array(conditions),
                "containerStatuses": .array(containers), "initContainerStatuses": .array(initContainers),
            ],
        ])
    }

    /// A pod that serves.
    static func ready(_ name: String, of replicaSet: String = "rs-current", restarts: Int = 0) throws -> Pod {
        try Self.pod(
            name,
            of: replicaSet,
            containers: [
                Self.container(["running": ["startedAt": "2026-01-01T00:00:00Z"]], restarts: restarts, isReady: true)
            ],
            conditions: [["type": "Ready", "status": "True"]]
        )
    }

    /// A pod whose one container waits.
    static func waiting(_ name: String, of replicaSet: String = "rs-current", reason: String) throws -> Pod {
        try Self.pod(
            name,
            of: replicaSet,
            containers: [Self.container(["waiting": ["reason": .string(reason), "message": "m"]])]
        )
    }

    /// What is said of a container.
    static func container(
        _ state: JSONValue,
        name: String = "backend",
        restarts: Int = 0,
        isReady: Bool = false,
        isStarted: Bool = true,
        last: JSONValue? = nil
    ) -> JSONValue {
        var container: JSONValue = [
            "name": .string(name), "image": "taskflow-backend:1.0.0", "imageID": "sha256:abc",
            "ready": .bool(isReady), "started": .bool(isStarted), "restartCount": JSONValue(restarts), "state": state,
        ]
        container["lastState"] = last.map { ["terminated": $0] }
        return container
    }

    /// How a container ended.
    static func end(_ reason: String, exitCode: Int, signal: Int = 0, message: String = "") -> JSONValue {
        [
            "reason": .string(reason), "exitCode": JSONValue(exitCode), "signal": JSONValue(signal),
            "message": .string(message), "finishedAt": "2026-01-01T00:00:00Z",
        ]
    }
}

/// A Deployment as its controller reports it; the defaults are those of a finished rollout.
struct DeploymentJSON {
    var desired = 2
    var generation = 3
    var observedGeneration = 3
    var replicas = 2
    var updated = 2
    var ready = 2
    var available = 2
    var revision = "4"
    var progressing = "NewReplicaSetAvailable"
    var otherConditions: [JSONValue] = []

    /// The Deployment as a store holds it.
    func object() throws -> DynamicObject {
        try DynamicObject(json: [
            "metadata": [
                "name": "taskflow-backend", "namespace": "todo-app", "uid": "uid-deployment",
                "generation": JSONValue(self.generation),
                "annotations": ["deployment.kubernetes.io/revision": .string(self.revision)],
            ],
            "spec": ["replicas": JSONValue(self.desired)],
            "status": [
                "observedGeneration": JSONValue(self.observedGeneration), "replicas": JSONValue(self.replicas),
                "updatedReplicas": JSONValue(self.updated), "readyReplicas": JSONValue(self.ready),
                "availableReplicas": JSONValue(self.available),
                "conditions": .array(
                    [
                        [
                            "type": "Progressing", "status": "True", "reason": .string(self.progressing),
                            "message": "m", "lastTransitionTime": "2026-01-01T00:00:00Z",
                        ]
                    ] + self.otherConditions
                ),
            ],
        ])
    }

    /// A ReplicaSet of it.
    static func replicaSet(_ uid: String, revision: String, hash: String) throws -> ReplicaSet {
        try ReplicaSet(json: [
            "metadata": [
                "name": .string("taskflow-backend-\(hash)"), "uid": .string(uid),
                "labels": ["pod-template-hash": .string(hash)],
                "annotations": ["deployment.kubernetes.io/revision": .string(revision)],
            ]
        ])
    }
}
