import JSON
import KubectlTodoApp
import KubernetesAPI
import TodoAppOperator

/// Scenes of an app's life.
extension Scene {
    /// The scenes that have a golden file each.
    static var all: [(name: String, scene: Scene)] {
        [
            ("ready", .ready), ("image-not-present", .imageNotPresent), ("failed-rollout", .failedRollout),
            ("failed-rollout-of-one", .failedRolloutOfOne),
            ("rolling-out", .rollingOut), ("crash-loop", .crashLoop), ("unschedulable", .unschedulable),
            ("quota", .quota), ("invalid-spec", .invalidSpec), ("unseen", .unseen), ("outdated", .outdated),
            ("paused", .paused), ("suspended", .suspended), ("deleting", .deleting),
        ]
    }

    static var ready: Scene {
        var scene = Scene()
        scene.conditions = [
            condition("Ready", "True", "AllComponentsReady", "backend 2/2, frontend 1/1"),
            condition("ContractMet", "True", "Met", "all is as the contract says"),
        ]
        scene.components = [
            component("backend", ready: 2, desired: 2, revision: "7d9f8c6b5"),
            component("frontend", ready: 1, desired: 1, revision: "5495bd8bf"),
        ]
        scene.revisions = [
            replicaSet("backend", "7d9f8c6b5", number: 2, desired: 2, ready: 2),
            replicaSet("backend", "6666666ff", number: 1, desired: 0, ready: 0),
            replicaSet("frontend", "5495bd8bf", number: 1, desired: 1, ready: 1),
        ]
        scene.pods = [
            pod("backend", "7d9f8c6b5", "b2c3d", restarts: 1), pod("backend", "7d9f8c6b5", "x9z8y"),
            pod("frontend", "5495bd8bf", "q1w2e"),
        ]
        return scene
    }

    static var imageNotPresent: Scene {
        var scene = Scene()
        let name = "taskflow-backend-9c8b7a6f5-stxqt"
        let message = "Container image \"taskflow-backend:9.9.9\" is not present with pull policy of Never"
        let hint = "run: minikube image load taskflow-backend:9.9.9"
        let sentence = "backend/\(name)/backend: ErrImageNeverPull: \(message); \(hint)"
        scene.spec["version"] = "9.9.9"
        scene.spec["frontend"] = nil
        scene.conditions = [
            condition("Ready", "False", "ImageNotPresent", sentence),
            condition("Degraded", "True", "ImageNotPresent", sentence),
            condition("Stalled", "True", "ImageNotPresent", sentence),
        ]
        scene.components = [
            component(
                "backend",
                ready: 0,
                desired: 1,
                revision: "9c8b7a6f5",
                image: "taskflow-backend:9.9.9",
                failures: [failure("ImageNotPresent", raw: "ErrImageNeverPull", message, pod: name, hint: hint)]
            )
        ]
        scene.revisions = [replicaSet("backend", "9c8b7a6f5", number: 1, desired: 1, ready: 0, version: "9.9.9")]
        scene.pods = [
            pod(
                "backend",
                "9c8b7a6f5",
                "stxqt",
                state: ["waiting": ["reason": "ErrImageNeverPull", "message": .string(message)]],
                phase: "Pending",
                isReady: false
            )
        ]
        return scene
    }

    /// The old revision serves, the new one fails.
    static var failedRollout: Scene {
        var scene = Self.ready
        let name = "taskflow-backend-9c8b7a6f5-stxqt"
        let message = "Container image \"taskflow-backend:9.9.9\" is not present with pull policy of Never"
        let hint = "run: minikube image load taskflow-backend:9.9.9"
        scene.spec["version"] = "9.9.9"
        scene.conditions = [
            condition("Ready", "False", "ImageNotPresent", "backend/\(name)/backend: …"),
            condition("Available", "True", "MinimumReplicasAvailable", "every component serves"),
            condition("Degraded", "True", "ImageNotPresent", "backend/\(name)/backend: …"),
            condition("Stalled", "True", "ImageNotPresent", "backend/\(name)/backend: …"),
        ]
        scene.components[0] = component(
            "backend",
            ready: 2,
            desired: 2,
            updated: 1,
            revision: "9c8b7a6f5",
            image: "taskflow-backend:9.9.9",
            failures: [failure("ImageNotPresent", raw: "ErrImageNeverPull", message, pod: name, hint: hint)]
        )
        scene.revisions.append(replicaSet("backend", "9c8b7a6f5", number: 3, desired: 1, ready: 0, version: "9.9.9"))
        scene.pods += Self.imageNotPresent.pods
        return scene
    }

    /// The same with one pod: the Deployment's numbers alone look as if all were well.
    static var failedRolloutOfOne: Scene {
        var scene = Self.failedRollout
        let failures = scene.components[0].status["failures"]?.array ?? []
        scene.components[0] = component(
            "backend",
            ready: 1,
            desired: 1,
            revision: "9c8b7a6f5",
            image: "taskflow-backend:9.9.9",
            failures: failures
        )
        scene.revisions[0] = replicaSet("backend", "7d9f8c6b5", number: 2, desired: 1, ready: 1)
        scene.pods.remove(at: 1)
        return scene
    }

    static var rollingOut: Scene {
        var scene = Self.ready
        scene.spec["version"] = "1.1.0"
        scene.conditions = [
            condition(
                "Ready",
                "False",
                "RolloutInProgress",
                "backend: 1 of 2 pods are of the current revision, 2 available"
            ),
            condition("Reconciling", "True", "Progressing", "…"),
        ]
        scene.components[0] = component(
            "backend",
            ready: 2,
            desired: 2,
            updated: 1,
            revision: "8888899dd",
            image: "taskflow-backend:1.1.0"
        )
        scene.revisions[0] = replicaSet("backend", "7d9f8c6b5", number: 2, desired: 1, replicas: 2, ready: 1)
        scene.revisions.append(replicaSet("backend", "8888899dd", number: 3, desired: 2, ready: 1, version: "1.1.0"))
        scene.pods[1]["metadata"]?["deletionTimestamp"] = "2026-01-01T11:59:50Z"
        scene.pods += [
            pod("backend", "8888899dd", "aaaaa"),
            pod(
                "backend",
                "8888899dd",
                "bbbbb",
                state: ["waiting": ["reason": "ContainerCreating"]],
                phase: "Pending",
                isReady: false
            ),
        ]
        return scene
    }

    static var crashLoop: Scene {
        var scene = Self.ready
        let name = "taskflow-backend-7d9f8c6b5-b2c3d"
        scene.conditions = [
            condition("Ready", "False", "CrashLoopBackOff", "backend/\(name)/backend: …"),
            condition("Degraded", "True", "CrashLoopBackOff", "backend/\(name)/backend: …"),
            condition("Reconciling", "True", "Progressing", "…"),
        ]
        scene.components[0] = component(
            "backend",
            ready: 1,
            desired: 2,
            revision: "7d9f8c6b5",
            failures: [
                failure(
                    "CrashLoopBackOff",
                    raw: "CrashLoopBackOff",
                    "ended with exit code 1",
                    pod: name,
                    hint: "run: kubectl logs --previous \(name) -c backend"
                )
            ]
        )
        scene.revisions[0] = replicaSet("backend", "7d9f8c6b5", number: 2, desired: 2, ready: 1)
        scene.pods[0] = pod(
            "backend",
            "7d9f8c6b5",
            "b2c3d",
            state: ["waiting": ["reason": "CrashLoopBackOff", "message": "back-off 40s"]],
            isReady: false,
            restarts: 4
        )
        return scene
    }

    /// The operator has not said anything of the pod yet: the pod's own words stand in.
    static var unschedulable: Scene {
        var scene = Self.ready
        scene.conditions = [
            condition(
                "Ready",
                "False",
                "RolloutInProgress",
                "backend: 2 of 2 pods are of the current revision, 1 available"
            )
        ]
        scene.components[0] = component("backend", ready: 1, desired: 2, revision: "7d9f8c6b5")
        scene.revisions[0] = replicaSet("backend", "7d9f8c6b5", number: 2, desired: 2, ready: 1)
        scene.pods[0] = pod(
            "backend",
            "7d9f8c6b5",
            "b2c3d",
            phase: "Pending",
            isReady: false,
            conditions: [
                [
                    "type": "PodScheduled", "status": "False", "reason": "Unschedulable",
                    "message": "0/1 nodes are available: 1 Insufficient memory.",
                ]
            ],
            node: ""
        )
        return scene
    }

    /// A failure without a pod.
    static var quota: Scene {
        var scene = Self.ready
        scene.conditions = [
            condition("Ready", "False", "PodCreationFailed", "…"),
            condition("Degraded", "True", "PodCreationFailed", "…"),
        ]
        scene.components = [
            component(
                "backend",
                ready: 0,
                desired: 2,
                updated: 0,
                revision: "7d9f8c6b5",
                failures: [
                    failure(
                        "PodCreationFailed",
                        raw: "FailedCreate",
                        "pods \"taskflow-backend-7d9f8c6b5-\" is forbidden: exceeded quota: pods=0",
                        hint: "the message names the quota or the rule that refuses the pod"
                    )
                ]
            )
        ]
        scene.spec["frontend"] = nil
        scene.revisions = [replicaSet("backend", "7d9f8c6b5", number: 1, desired: 2, replicas: 0, ready: 0)]
        scene.pods = []
        return scene
    }

    static var invalidSpec: Scene {
        var scene = Self.ready
        let message = "spec.backend.replicas: must not be set together with autoscaling"
        scene.conditions = [
            condition("Ready", "False", "SyncFailed", "InvalidSpec: \(message)"),
            condition("ResourcesSynced", "False", "InvalidSpec", message),
            condition(
                "ContractMet",
                "False",
                "MutableTag",
                "backend: the tag of taskflow-backend:latest may mean another image tomorrow"
            ),
            condition("Stalled", "True", "InvalidSpec", message),
        ]
        return scene
    }

    /// No operator runs: there is what the schema says, and no more.
    static var unseen: Scene {
        var scene = Scene()
        scene.observed = -1
        return scene
    }

    /// The spec has just been changed.
    static var outdated: Scene {
        var scene = Self.ready
        scene.generation = 4
        return scene
    }

    static var paused: Scene {
        var scene = Self.ready
        scene.spec["paused"] = true
        scene.conditions = [
            condition("Ready", "False", "Paused", "reconciliation is paused; 1 change waits"),
            condition("ResourcesSynced", "False", "Paused", "reconciliation is paused; 1 change waits"),
        ]
        return scene
    }

    static var suspended: Scene {
        var scene = Scene()
        scene.spec["suspended"] = true
        scene.conditions = [
            condition("Ready", "True", "Suspended", "the app is suspended: no pods run, everything else is kept")
        ]
        scene.components = [
            component("backend", ready: 0, desired: 0, revision: "7d9f8c6b5"),
            component("frontend", ready: 0, desired: 0, revision: "5495bd8bf"),
        ]
        scene.revisions = [
            replicaSet("backend", "7d9f8c6b5", number: 2, desired: 0, ready: 0),
            replicaSet("frontend", "5495bd8bf", number: 1, desired: 0, replicas: 1, ready: 0),
        ]
        scene.pods = [pod("frontend", "5495bd8bf", "q1w2e", isGoing: true)]
        return scene
    }

    static var deleting: Scene {
        var scene = Self.ready
        scene.deletionTimestamp = "2026-01-01T11:59:40Z"
        scene.conditions = [condition("Ready", "False", "Deleting", "the TodoApp is being deleted")]
        return scene
    }
}
