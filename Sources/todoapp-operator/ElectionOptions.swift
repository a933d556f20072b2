internal import ArgumentParser
internal import ControllerRuntime
internal import FoundationEssentials
internal import KubernetesClient

/// Whether and how several replicas agree on who works; the flags are called as in the field.
struct ElectionOptions: ParsableArguments {
    @Flag(
        name: .customLong("leader-elect"),
        help: "Take part in a leader election, so that of several replicas one works and the others stand by."
    )
    var isOn = false

    @Flag(
        name: .customLong("sharded"),
        help: "Share the TodoApps among all replicas, by a hash ring over Leases, so that all of them work."
    )
    var isSharded = false

    @Option(
        name: .customLong("leader-elect-lease-duration"),
        help: "How long a lease that nobody renews keeps others out; whole seconds.",
        transform: duration
    )
    var leaseDuration = ElectionTimes.standard.leaseDuration

    @Option(
        name: .customLong("leader-elect-renew-deadline"),
        help: "How long a leader that cannot renew its lease goes on; then it ends.",
        transform: duration
    )
    var renewDeadline = ElectionTimes.standard.renewDeadline

    @Option(
        name: .customLong("leader-elect-retry-period"),
        help: "The time between two tries to get or to renew the lease.",
        transform: duration
    )
    var retryPeriod = ElectionTimes.standard.retryPeriod

    @Option(name: .customLong("leader-elect-resource-name"), help: "The name of the Lease. Default: todoapp-operator.")
    var leaseName: String?

    @Option(
        name: .customLong("leader-elect-resource-namespace"),
        help: "The namespace of the Lease. Default: the pod's, or the kubeconfig context's."
    )
    var leaseNamespace: String?

    /// Whether the user named the Lease.
    var isLeaseNamed: Bool { self.leaseName != nil }

    /// Whether there can be more than one replica.
    var isShared: Bool { self.isOn || self.isSharded }

    func validate() throws {
        guard !self.isOn || !self.isSharded else {
            throw ValidationError("--sharded and --leader-elect: only one of them, all replicas work or one does")
        }
        do throws(ElectionTimesError) {
            _ = try self.times()
        } catch {
            throw ValidationError("--leader-elect: \(error)")
        }
    }

    /// The times, which hold each other up.
    func times() throws(ElectionTimesError) -> ElectionTimes {
        try ElectionTimes(
            leaseDuration: self.leaseDuration,
            renewDeadline: self.renewDeadline,
            retryPeriod: self.retryPeriod
        )
    }

    /// Which lease, and what this replica is called: by its machine, and by what no other process shares.
    ///
    /// Replicas that share the work have a lease each, and a label for all of these.
    func options(in connection: ClusterConnection) throws(ElectionTimesError) -> LeaderElector.Options {
        let process = UUID().uuidString.lowercased()
        let name = self.leaseName ?? "todoapp-operator"
        return LeaderElector.Options(
            name: self.isSharded ? "\(name)-\(process)" : name,
            namespace: self.leaseNamespace ?? connection.namespace,
            identity: "\(ProcessInfo.processInfo.hostName)_\(process)",
            fieldManager: "todoapp-operator",
            labels: self.isSharded ? [shardLabel: name] : [:],
            times: try self.times()
        )
    }

    /// How the leases of those are found that share the work.
    func sharing(_ lease: LeaderElector.Options) -> ShardKeeper.Options {
        ShardKeeper.Options(
            namespace: lease.namespace,
            label: (name: shardLabel, value: lease.labels[shardLabel] ?? ""),
            annotation: "todo.taskflow.dev/shard-claim",
            identity: lease.identity,
            fieldManager: lease.fieldManager,
            times: lease.times
        )
    }
}

/// By whose name replicas share their work.
private let shardLabel = "todo.taskflow.dev/shard-of"

/// A duration as flags have it: `15s`, `500ms`, `2m`, and a number for seconds.
private func duration(_ text: String) throws -> Duration {
    let units: [(suffix: String, milliseconds: Double)] = [("ms", 1), ("s", 1000), ("m", 60_000), ("", 1000)]
    for unit in units where text.hasSuffix(unit.suffix) {
        guard let number = Double(text.dropLast(unit.suffix.count)), (0...86_400_000).contains(number) else { break }
        return .milliseconds(Int64((number * unit.milliseconds).rounded()))
    }
    throw ValidationError("must be a duration such as 15s or 500ms")
}
