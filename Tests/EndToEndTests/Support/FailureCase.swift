import JSON
import Testing

/// A way to go wrong, how it is brought about on a real node, and what the TodoApp must say of it.
struct FailureCase: Sendable, CustomTestStringConvertible {
    /// Where the cluster shows the failure first.
    struct Sign: Sendable {
        var kind: WatchedKind
        /// Whether an object of that kind shows it.
        var isShown: @Sendable (JSONValue) -> Bool
        /// How long the operator is to wait before it calls that a failure.
        var patience = Duration.zero
    }

    /// Its name, and that of its file in `docs/failures`.
    let name: String
    /// The class that is to be told.
    let reason: String
    /// What Ready says, where something else comes first.
    var ready: String?
    /// The TodoApp's spec.
    let spec: JSONValue
    /// What else the namespace holds.
    var beside: [JSONValue] = []
    /// What is done when the app is ready; `nil` if it fails from the start.
    var spoil: (@Sendable (AppUnderTest) async throws -> Void)?
    /// Where it is seen.
    let sign: Sign
    /// What the message of the failure holds, where the node's own words are known.
    var message: String?
    /// The exit code, where the failure has one.
    var exitCode: Int64?

    var testDescription: String { self.name }
}

extension FailureCase {
    /// All failures that do not disturb others.
    static let all: [FailureCase] = [
        .imageNotPresent,
        .imagePullFailed,
        .invalidImageName,
        .containerConfigErrorMissingKey,
        .containerConfigErrorRoot,
        .podCreationFailed,
        .oomKilled,
        .crashLoopBackOff,
        .initContainerFailed,
        .containerStartFailed,
        .volumeMountFailed,
        .unschedulable,
        .startupProbeFailed,
        .livenessProbeFailed,
        .readinessProbeFailed,
        .progressDeadlineExceeded,
        .podEvicted,
    ]

    private static let imageNotPresent = FailureCase(
        name: "ImageNotPresent",
        reason: "ImageNotPresent",
        spec: app(["backend": ["image": "taskflow-backend:9.9.9"]]),
        sign: waiting("ErrImageNeverPull"),
        message: "taskflow-backend:9.9.9"
    )

    private static let imagePullFailed = FailureCase(
        name: "ImagePullFailed",
        reason: "ImagePullFailed",
        spec: app([
            "backend": [
                "image": "127.0.0.1:5999/team/taskflow-backend:1.0.0", "imagePullPolicy": "IfNotPresent",
            ]
        ]),
        sign: waiting("ErrImagePull", "ImagePullBackOff"),
        message: "connection refused"
    )

    private static let invalidImageName = FailureCase(
        name: "InvalidImageName",
        reason: "InvalidImageName",
        spec: app(),
        // No spec with such a name is accepted: somebody else has a container of his own in the pod.
        spoil: addInitContainer(image: "Not A Name", command: ["true"]),
        sign: waiting("InvalidImageName")
    )

    private static let containerConfigErrorMissingKey = FailureCase(
        name: "ContainerConfigError-missing-key",
        reason: "ContainerConfigError",
        ready: "SyncFailed",
        spec: app(["secrets": ["existingSecret": "own", "from": .null]]),
        beside: [
            Manifest.secret("own", Credentials.taskflow.merging(["BETTER_AUTH_SECRET": "canary-signing"]) { $1 })
        ],
        spoil: { app in
            try await app.namespace.kubectl.merge(
                "secret",
                "own",
                in: app.namespace.name,
                ["data": ["OPENAI_API_KEY": .null]]
            )
            // What runs goes on; the next pod is the one that misses it.
            try await app.deletePods("backend")
        },
        sign: waiting("CreateContainerConfigError"),
        message: "OPENAI_API_KEY"
    )

    private static let containerConfigErrorRoot = FailureCase(
        name: "ContainerConfigError-root",
        reason: "ContainerConfigError",
        spec: app(),
        spoil: patchTemplate(["containers": [["name": "backend", "securityContext": ["runAsUser": 0]]]]),
        sign: waiting("CreateContainerConfigError")
    )

    private static let podCreationFailed = FailureCase(
        name: "PodCreationFailed",
        reason: "PodCreationFailed",
        spec: app(),
        beside: [
            [
                "apiVersion": "v1", "kind": "ResourceQuota", "metadata": ["name": "small"],
                "spec": ["hard": ["pods": "0"]],
            ]
        ],
        sign: Sign(kind: .deployments) { $0.isTrue("ReplicaFailure") },
        message: "exceeded quota: small"
    )

    private static let oomKilled = FailureCase(
        name: "OOMKilled",
        reason: "OOMKilled",
        spec: app(["backend": ["env": ["SAMPLE_EAT_MEMORY": "yes"], "resources": ["limits": ["memory": "32Mi"]]]]),
        sign: Sign(kind: .pods) { pod in pod.ends.contains { $0["reason"] == "OOMKilled" } },
        exitCode: 137
    )

    private static let crashLoopBackOff = FailureCase(
        name: "CrashLoopBackOff",
        reason: "CrashLoopBackOff",
        spec: app(["backend": ["env": ["SAMPLE_EXIT_CODE": "1"]]]),
        sign: Sign(kind: .pods) { pod in pod.ends.contains { $0["exitCode"] == 1 } },
        message: "exit code 1",
        exitCode: 1
    )

    private static let initContainerFailed = FailureCase(
        name: "InitContainerFailed",
        reason: "InitContainerFailed",
        spec: app(),
        spoil: addInitContainer(image: "taskflow-backend:1.0.0", command: ["sh", "-c", "exit 7"]),
        sign: Sign(kind: .pods) { pod in pod.ends.contains { $0["exitCode"] == 7 } },
        exitCode: 7
    )

    private static let containerStartFailed = FailureCase(
        name: "ContainerStartFailed",
        reason: "ContainerStartFailed",
        spec: app(["backend": ["image": "taskflow-backend:broken"]]),
        sign: Sign(kind: .pods) { pod in
            pod.ends.contains { $0["reason"] == "StartError" }
                || pod.waits(for: ["RunContainerError", "CreateContainerError"])
        },
        message: "no-such-program"
    )

    private static let volumeMountFailed = FailureCase(
        name: "VolumeMountFailed",
        reason: "VolumeMountFailed",
        spec: app(),
        spoil: patchTemplate([
            "volumes": [["name": "certificates", "secret": ["secretName": "nobody-made-it"]]],
            "containers": [
                ["name": "backend", "volumeMounts": [["name": "certificates", "mountPath": "/certificates"]]]
            ],
        ]),
        sign: Sign(kind: .events) { $0["reason"] == "FailedMount" && ($0["count"]?.integer ?? 0) > 1 },
        message: "nobody-made-it"
    )

    private static let unschedulable = FailureCase(
        name: "Unschedulable",
        reason: "Unschedulable",
        spec: app(["backend": ["resources": ["requests": ["cpu": "1000"], "limits": ["cpu": "1000"]]]]),
        sign: Sign(
            kind: .pods,
            isShown: { $0.condition("PodScheduled")?["reason"] == "Unschedulable" },
            patience: .seconds(15)
        ),
        message: "Insufficient cpu"
    )

    private static let startupProbeFailed = FailureCase(
        name: "StartupProbeFailed",
        reason: "StartupProbeFailed",
        spec: probed(["SAMPLE_FORGET": "health/live"]),
        sign: Sign(kind: .pods) { !$0.ends.isEmpty },
        message: "Startup probe failed"
    )

    private static let livenessProbeFailed = FailureCase(
        name: "LivenessProbeFailed",
        reason: "LivenessProbeFailed",
        spec: probed(["SAMPLE_FORGET": "health/live", "SAMPLE_FORGET_AFTER": "5"]),
        sign: Sign(kind: .pods) { !$0.ends.isEmpty },
        message: "Liveness probe failed"
    )

    private static let readinessProbeFailed = FailureCase(
        name: "ReadinessProbeFailed",
        reason: "ReadinessProbeFailed",
        spec: probed([:]),
        spoil: { app in
            let pod = try #require(app.pods("backend").first)
            try await app.namespace.kubectl(
                "exec",
                pod.name,
                "-n",
                app.namespace.name,
                "--",
                "rm",
                "/www/health/ready"
            )
        },
        sign: Sign(kind: .pods) { pod in
            pod.condition("Ready")?["status"] == "False" && pod.at("status.containerStatuses[0].started") == true
        },
        message: "Readiness probe failed"
    )

    private static let progressDeadlineExceeded = FailureCase(
        name: "ProgressDeadlineExceeded",
        reason: "ProgressDeadlineExceeded",
        spec: app([
            "rollout": ["progressDeadlineSeconds": 30],
            "backend": [
                "env": ["SAMPLE_START_DELAY": "600"], "probes": ["startup": ["failureThreshold": 600]],
            ],
        ]),
        sign: Sign(kind: .deployments) { $0.condition("Progressing")?["reason"] == "ProgressDeadlineExceeded" }
    )

    private static let podEvicted = FailureCase(
        name: "PodEvicted",
        reason: "PodEvicted",
        spec: app([
            "backend": [
                "env": ["SAMPLE_FILL_DISK": "20"],
                "resources": [
                    "requests": ["ephemeral-storage": "1Mi"], "limits": ["ephemeral-storage": "1Mi"],
                ],
            ]
        ]),
        sign: Sign(kind: .pods) { $0.at("status.reason") == "Evicted" },
        message: "ephemeral"
    )
}

// MARK: - Specs

/// A small backend of contract taskflow.
private func app(_ changes: JSONValue = [:]) -> JSONValue {
    let spec = Manifest.taskflow()["spec"]?.merging(["frontend": .null]) ?? [:]
    return spec.merging(changes)
}

/// A backend of contract openai, which has a page for each probe; they are asked every second.
private func probed(_ environment: JSONValue) -> JSONValue {
    let quick: JSONValue = ["periodSeconds": 1, "failureThreshold": 2]
    return app([
        "contract": "openai", "version": "local",
        "backend": [
            "env": environment,
            "probes": [
                "liveness": quick, "readiness": quick, "startup": ["periodSeconds": 1, "failureThreshold": 5],
            ],
        ],
    ])
}

// MARK: - Spoiling

/// What another controller might do to the Deployment: the fields are none of the operator's, and stay.
private func patchTemplate(_ spec: JSONValue) -> @Sendable (AppUnderTest) async throws -> Void {
    { app in
        let patch: JSONValue = ["spec": ["template": ["spec": spec]]]
        try await app.namespace.kubectl(
            "patch",
            "deployment",
            "\(app.name)-backend",
            "-n",
            app.namespace.name,
            "-p",
            patch.text()
        )
    }
}

private func addInitContainer(
    image: String,
    command: [JSONValue]
) -> @Sendable (AppUnderTest) async throws -> Void {
    patchTemplate([
        "initContainers": [
            [
                "name": "prepare", "image": .string(image), "imagePullPolicy": "Never", "command": .array(command),
            ]
        ]
    ])
}

extension AppUnderTest {
    /// Deletes the pods of a component.
    func deletePods(_ component: String) async throws {
        try await self.namespace.kubectl(
            "delete",
            "pods",
            "-n",
            self.namespace.name,
            "-l",
            "app=\(self.name)-\(component)",
            "--wait=false"
        )
    }
}

// MARK: - Signs

/// A container that waits for one of these reasons.
private func waiting(_ reasons: String...) -> FailureCase.Sign {
    FailureCase.Sign(kind: .pods) { $0.waits(for: reasons) }
}

extension JSONValue {
    fileprivate var containerStatuses: [JSONValue] {
        ["initContainerStatuses", "containerStatuses"].flatMap { self.at("status.\($0)")?.array ?? [] }
    }

    /// How containers of the pod have ended, the last time and now.
    fileprivate var ends: [JSONValue] {
        self.containerStatuses.flatMap { status in
            ["state", "lastState"].compactMap { status.at("\($0).terminated") }
        }
    }

    fileprivate func waits(for reasons: [String]) -> Bool {
        self.containerStatuses.contains { status in
            status.at("state.waiting.reason")?.string.map(reasons.contains) ?? false
        }
    }
}
