/// What a metric is called, what it says, and how it is told apart.
public struct MetricDescription: Sendable, Equatable {
    /// The name, with its unit behind the last underscore.
    public var name: String
    /// What kind of figure it is.
    public var kind: Kind
    /// The names of its labels, in the order in which they are shown.
    public var labels: [String]
    /// One sentence for whoever reads it.
    public var help: String

    /// What kind of figure a metric is.
    public enum Kind: Sendable, Equatable {
        /// Only grows, and begins with 0 when the process starts.
        case counter
        /// Goes up and down.
        case gauge
        /// How many observations were at most how large; the bounds, rising.
        case histogram([Double])

        /// The word in Prometheus' text format.
        public var word: String {
            switch self {
            case .counter: "counter"
            case .gauge: "gauge"
            case .histogram: "histogram"
            }
        }
    }

    /// A description by its parts.
    public init(_ name: String, _ kind: Kind, labels: [String] = [], help: String) {
        self.name = name
        self.kind = kind
        self.labels = labels
        self.help = help
    }
}

extension MetricDescription {
    /// All metrics of the runtime, under the field's names where the field has one.
    public static let runtime: [MetricDescription] =
        Self.controller + Self.queue + Self.client + Self.election + Self.watch

    private static let controller = [
        MetricDescription(
            "controller_runtime_reconcile_total",
            .counter,
            labels: ["controller", "result"],
            help: "Reconciles by what came of them: success, requeue_after, error."
        ),
        MetricDescription(
            "controller_runtime_reconcile_errors_total",
            .counter,
            labels: ["controller"],
            help: "Reconciles that failed, for good or not."
        ),
        MetricDescription(
            "controller_runtime_terminal_reconcile_errors_total",
            .counter,
            labels: ["controller"],
            help: "Reconciles that failed for a reason that only a change can mend."
        ),
        MetricDescription(
            "controller_runtime_reconcile_timeouts_total",
            .counter,
            labels: ["controller"],
            help: "Reconciles that were ended by their deadline."
        ),
        MetricDescription(
            "controller_runtime_reconcile_time_seconds",
            .histogram([
                0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0,
                1.25,
                1.5, 1.75, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5, 6, 7, 8, 9, 10, 15, 20, 25, 30, 40, 50, 60,
            ]),
            labels: ["controller"],
            help: "How long a reconcile took."
        ),
        MetricDescription(
            "controller_runtime_max_concurrent_reconciles",
            .gauge,
            labels: ["controller"],
            help: "How many keys are reconciled at a time at most."
        ),
        MetricDescription(
            "controller_runtime_active_workers",
            .gauge,
            labels: ["controller"],
            help: "How many keys are being reconciled."
        ),
        MetricDescription(
            "controller_status_lag_seconds",
            .histogram([0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300]),
            labels: ["controller"],
            help: "From the first change of a key to the end of the pass that dealt with it, failed passes included."
        ),
        MetricDescription(
            "stale_sync_skips_total",
            .counter,
            labels: ["controller"],
            help: "Passes put off because what the one before wrote had not come back through the watches."
        ),
    ]

    private static let queueSeconds = [1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 1, 10, 100, 1000]

    private static let queue = [
        MetricDescription(
            "workqueue_depth",
            .gauge,
            labels: ["name", "controller"],
            help: "How many keys are ready and wait for a worker."
        ),
        MetricDescription(
            "workqueue_adds_total",
            .counter,
            labels: ["name", "controller"],
            help: "How many keys came into the queue; a key that waits already does not come again."
        ),
        MetricDescription(
            "workqueue_queue_duration_seconds",
            .histogram(Self.queueSeconds),
            labels: ["name", "controller"],
            help: "How long a key was ready before a worker took it."
        ),
        MetricDescription(
            "workqueue_work_duration_seconds",
            .histogram(Self.queueSeconds),
            labels: ["name", "controller"],
            help: "How long a worker kept a key."
        ),
        MetricDescription(
            "workqueue_unfinished_work_seconds",
            .gauge,
            labels: ["name", "controller"],
            help: "How long the keys that workers have now were kept so far, taken together."
        ),
        MetricDescription(
            "workqueue_longest_running_processor_seconds",
            .gauge,
            labels: ["name", "controller"],
            help: "How long the key was kept so far that was taken first."
        ),
        MetricDescription(
            "workqueue_retries_total",
            .counter,
            labels: ["name", "controller"],
            help: "How many keys came back after a failure."
        ),
    ]

    private static let client = [
        MetricDescription(
            "rest_client_requests_total",
            .counter,
            labels: ["code", "method", "host"],
            help: "Requests to the API server by status code and verb; <error> where no answer came."
        ),
        MetricDescription(
            "rest_client_request_duration_seconds",
            .histogram([0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60]),
            labels: ["verb", "host"],
            help: "How long the API server took to begin its answer."
        ),
    ]

    private static let election = [
        MetricDescription(
            "leader_election_master_status",
            .gauge,
            labels: ["name"],
            help: "1 while this replica leads, 0 while it does not."
        ),
        MetricDescription(
            "leader_election_slowpath_total",
            .counter,
            labels: ["name"],
            help: "How often the leader had to read its lease before it could renew it."
        ),
    ]

    private static let watch = [
        MetricDescription(
            "watch_last_event_age_seconds",
            .gauge,
            labels: ["resource"],
            help: "How long ago the API server last said anything about this type: an object, a change or a bookmark."
        ),
        MetricDescription(
            "watch_synced",
            .gauge,
            labels: ["resource"],
            help: "1 once the collection has been read whole, 0 before."
        ),
        MetricDescription(
            "store_objects",
            .gauge,
            labels: ["resource"],
            help: "How many objects the copy holds."
        ),
        MetricDescription(
            "store_resource_version",
            .gauge,
            labels: ["resource"],
            help: "The version up to which all changes are in the copy, where the API server's versions are numbers."
        ),
    ]
}
