import Foundation
import JSON
import KubernetesAPI
import KubernetesClient
import Locks
import TodoAppOperator

/// Pods change at random, two for each TodoApp: how long it takes until the TodoApp's status says so.
///
/// A change is a pod's restart count going up by one, so that a status tells which changes it knows of.
struct StatusLag: Sendable {
    /// Changes a second, unless BENCH_RATE says otherwise, and for how many seconds.
    ///
    /// An API server on two cores does not take 500 of them beside as many statuses: whoever changes waits for its answers, and
    /// the figures say how many it really were.
    private static let rate = ProcessInfo.processInfo.environment["BENCH_RATE"].flatMap { Double($0) } ?? 500
    private static let duration = 20.0
    private static let writers = 16
    private static var total: Int { Int(Self.rate * Self.duration) }

    let stage: Stage
    let count: Int

    private struct Target: Sendable {
        /// For example `app-00001/backend`.
        var component: String
        var pod: ObjectKey
        var container: JSONValue
    }

    fileprivate struct Sighting: Sendable {
        var restarts: Int64
        var at: ContinuousClock.Instant
    }

    func measure() async throws -> Figures {
        let (stage, count) = (self.stage, self.count)
        let apps = Apps(namespace: "bench-lag", count: count, client: stage.client)
        let initial = try Figures("lag", apps: count)
        try await apps.prepare()
        _ = try await apps.createAll()
        let name = "lag-\(count)"
        var (figures, targets) = try await OperatorRun.run(on: stage, namespace: apps.namespace, name: name) { run in
            var figures = initial
            var log = try AuditLog(stage.auditLog)
            try await log.wait { $0.count("patch todoapps/status") >= count }
            let targets = try await self.startPods(of: apps)
            try await log.wait(untilQuietFor: 4) { _ in true }

            log = try AuditLog(stage.auditLog)
            let used = try run.cpuSeconds
            let round = try await self.round(over: targets, in: apps.namespace, from: 0, log)
            figures.note(round)
            figures.judge(round, "lag")
            figures.values["status writes"] = Double(round.log.count("patch todoapps/status"))
            figures.values["CPU s"] = try run.cpuSeconds - used
            figures.values["peak MiB"] = try run.peakMiB
            figures.requests["lag"] = round.log.counts
            return (figures, targets)
        }
        let floor = StatusFloor(client: stage.client, namespace: apps.namespace)
        let following = Task { try await floor.run() }
        let log = try AuditLog(stage.auditLog)
        let round = try await self.round(over: targets, in: apps.namespace, from: Self.total, log)
        following.cancel()
        _ = await following.result
        figures.judge(round, "floor of the lag")
        figures.values["floor: changes a second"] = round.rate
        return figures
    }

    /// What was changed in a while, and what the statuses said.
    fileprivate struct Round: Sendable {
        /// When each change was answered, by component.
        var changes: [String: [Sighting]]
        /// How long the answers took, in milliseconds, the quickest first.
        var answers: [Double]
        var statuses: [String: [Sighting]]
        /// Changes a second.
        var rate: Double
        var log: AuditLog
    }

    /// Changes pods at the rate that is wanted, as far as the API server keeps up with it.
    private func round(
        over targets: [Target],
        in namespace: String,
        from restarts: Int,
        _ log: AuditLog
    ) async throws -> Round {
        var log = log
        let statuses = Locked<[String: [Sighting]]>([:])
        let watching = Task { try await self.watch(namespace, statuses) }
        try await Task.sleep(for: .seconds(1))
        let begin = ContinuousClock.now
        let (changes, answers) = try await self.change(targets, from: restarts)
        let rate = Double(answers.count) / seconds(begin.duration(to: .now))
        try await log.wait(untilQuietFor: 4) { _ in true }
        watching.cancel()
        _ = await watching.result
        return Round(
            changes: changes,
            answers: answers,
            statuses: statuses.withLock { $0 },
            rate: rate,
            log: log
        )
    }

    // MARK: Pods

    /// Makes a ReplicaSet and a pod for each Deployment, as the controllers would that do not run here.
    private func startPods(of apps: Apps) async throws -> [Target] {
        var deployments: [JSONValue] = []
        try await apps.each(.deployments) { deployments.append($0) }
        let targets = Locked<[Target]>([])
        try await spread(deployments.count, over: Apps.width) { [deployments] number in
            let target = try await self.startPod(of: deployments[number], in: apps.namespace)
            targets.withLock { $0.append(target) }
        }
        return targets.withLock { $0 }
    }

    private func startPod(of deployment: JSONValue, in namespace: String) async throws -> Target {
        let name = deployment["metadata"]?["name"]?.string ?? ""
        let template = deployment["spec"]?["template"] ?? .null
        let labels = template["metadata"]?["labels"] ?? .null
        let set = try await self.stage.client.create(
            .replicaSets,
            namespace: namespace,
            [
                "apiVersion": "apps/v1", "kind": "ReplicaSet",
                "metadata": [
                    "name": .string(name), "labels": labels,
                    "ownerReferences": [Self.owner("Deployment", deployment)],
                ],
                "spec": ["replicas": 1, "selector": deployment["spec"]?["selector"] ?? .null, "template": template],
            ],
            fieldManager: "bench"
        )
        let pod = try await self.stage.client.create(
            .pods,
            namespace: namespace,
            [
                "apiVersion": "v1", "kind": "Pod",
                "metadata": [
                    "name": .string(name), "labels": labels, "ownerReferences": [Self.owner("ReplicaSet", set.value)],
                ],
                "spec": template["spec"] ?? .null,
            ],
            fieldManager: "bench"
        )
        let (app, component) = parts(ofPod: name)
        return Target(
            component: "\(app)/\(component)",
            pod: ObjectKey(namespace: namespace, name: name),
            container: pod.value["spec"]?["containers"]?[0] ?? .null
        )
    }

    private static func owner(_ kind: String, _ object: JSONValue) -> JSONValue {
        [
            "apiVersion": "apps/v1", "kind": .string(kind), "name": object["metadata"]?["name"] ?? "",
            "uid": object["metadata"]?["uid"] ?? "", "controller": true,
        ]
    }

    // MARK: Changes

    /// Restarts pods by chance at an even rate; when each restart was answered, by component, and after how long, in milliseconds.
    private func change(
        _ targets: [Target],
        from restarts: Int
    ) async throws -> ([String: [Sighting]], [Double]) {
        let made = Locked<[String: [Sighting]]>([:])
        let answers = Locked<[Double]>([])
        let counts = Locked(Array(repeating: Int64(restarts), count: targets.count))
        let start = ContinuousClock.now
        try await spread(Self.total, over: Self.writers) { number in
            let turn = start + .seconds(Double(number) / Self.rate)
            try await Task.sleep(until: turn, clock: .continuous)
            let index = Int.random(in: targets.indices)
            let target = targets[index]
            let restarts = counts.withLock { counts in
                counts[index] += 1
                return counts[index]
            }
            let sent = ContinuousClock.now
            _ = try await self.stage.client.merge(
                .pods,
                target.pod,
                subresource: "status",
                [
                    "status": [
                        "phase": "Running",
                        "containerStatuses": [
                            [
                                "name": target.container["name"] ?? "", "image": target.container["image"] ?? "",
                                "imageID": "", "ready": false, "restartCount": .integer(restarts),
                                "state": ["running": ["startedAt": "2026-01-01T00:00:00Z"]], "lastState": [:],
                            ]
                        ],
                    ]
                ],
                fieldManager: "bench"
            )
            let now = ContinuousClock.now
            answers.withLock { $0.append(seconds(now - sent) * 1000) }
            made.withLock { $0[target.component, default: []].append(Sighting(restarts: restarts, at: now)) }
        }
        return (made.withLock { $0 }, answers.withLock { $0.sorted() })
    }

    /// Notes what the statuses say, and when, by component.
    private func watch(_ namespace: String, _ statuses: Locked<[String: [Sighting]]>) async throws {
        let selection = Selection(TodoAppObject.resource, namespace: namespace)
        try await follow(selection, with: self.stage.client) { app in
            let now = ContinuousClock.now
            let (name, status) = (app.metadata.name, app.value["status"])
            statuses.withLock { statuses in
                for component in status?["components"]?.object ?? JSONObject() {
                    let restarts = component.value["restarts"]?.integer ?? 0
                    statuses["\(name)/\(component.key)", default: []].append(Sighting(restarts: restarts, at: now))
                }
            }
        }
    }
}

extension Figures {
    fileprivate mutating func note(_ round: StatusLag.Round) {
        self.values["changes a second"] = round.rate
        self.values["API server answers a change, p50 ms"] = round.answers[round.answers.count / 2]
        self.values["API server answers a change, p99 ms"] = round.answers[round.answers.count * 99 / 100]
    }

    /// Puts beside each change the first status that knows of it.
    fileprivate mutating func judge(_ round: StatusLag.Round, _ name: String) {
        var lags: [Double] = []
        var rested: [Double] = []
        var unseen = 0
        for (component, changes) in round.changes {
            let known = round.statuses[component] ?? []
            for change in changes {
                guard let first = known.first(where: { $0.restarts >= change.restarts }) else {
                    unseen += 1
                    continue
                }
                // It may be heard of before the answer is.
                let lag = max(0, seconds(first.at - change.at) * 1000)
                lags.append(lag)
                // A status is written at most once a second when it keeps changing.
                let last = known.last { $0.at < first.at }
                if last.map({ $0.at + .seconds(1) < change.at }) ?? true { rested.append(lag) }
            }
        }
        self.values["\(name): changes unseen"] = Double(unseen)
        for (choice, lags) in [("all", lags.sorted()), ("after a second's rest", rested.sorted())] where !lags.isEmpty {
            for (rank, share) in [("p50", 0.5), ("p95", 0.95), ("p99", 0.99)] {
                let index = min(lags.count - 1, Int(Double(lags.count) * share))
                self.values["\(name) \(rank) ms, \(choice)"] = lags[index]
            }
            self.values["\(name): changes, \(choice)"] = Double(lags.count)
        }
    }
}
