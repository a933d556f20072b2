public import CoreMetrics

/// What a ``Controller`` counts; all of it stands at zero from the beginning, so that absent differs from zero.
public struct ControllerMetrics: Sendable {
    private let success: Counter
    private let requeueAfter: Counter
    private let error: Counter
    private let errors: Counter
    private let terminalErrors: Counter
    private let timeouts: Counter
    private let duration: Timer
    private let activeWorkers: Meter
    private let maximumWorkers: Meter
    private let staleSkips: Counter

    /// The metrics of a controller.
    public init(controller: String, factory: any MetricsFactory) {
        let labels = [("controller", controller)]
        func counter(_ name: String, _ more: [(String, String)] = []) -> Counter {
            Counter(label: name, dimensions: labels + more, factory: factory)
        }
        func total(_ result: String) -> Counter {
            counter("controller_runtime_reconcile_total", [("result", result)])
        }
        self.success = total("success")
        self.requeueAfter = total("requeue_after")
        self.error = total("error")
        self.errors = counter("controller_runtime_reconcile_errors_total")
        self.terminalErrors = counter("controller_runtime_terminal_reconcile_errors_total")
        self.timeouts = counter("controller_runtime_reconcile_timeouts_total")
        self.staleSkips = counter("stale_sync_skips_total")
        self.duration = Timer(
            label: "controller_runtime_reconcile_time_seconds",
            dimensions: labels,
            factory: factory
        )
        self.activeWorkers = Meter(
            label: "controller_runtime_active_workers",
            dimensions: labels,
            factory: factory
        )
        self.maximumWorkers = Meter(
            label: "controller_runtime_max_concurrent_reconciles",
            dimensions: labels,
            factory: factory
        )
    }

    /// Nothing is counted.
    public static var none: ControllerMetrics {
        ControllerMetrics(controller: "", factory: NOOPMetricsHandler.instance)
    }

    /// So many keys are reconciled at a time.
    func workers(_ count: Int) {
        self.maximumWorkers.set(count)
    }

    /// A reconcile begins.
    func begin() {
        self.activeWorkers.increment()
    }

    /// A reconcile has ended.
    func end(_ outcome: Outcome, after duration: Duration) {
        self.activeWorkers.decrement()
        self.duration.recordNanoseconds(duration.nanoseconds)
        switch outcome {
        case .done:
            self.success.increment()
        case .requeue:
            self.requeueAfter.increment()
        case .retry:
            self.error.increment()
            self.errors.increment()
        case .terminal:
            self.error.increment()
            self.errors.increment()
            self.terminalErrors.increment()
        }
    }

    /// A reconcile was ended by its deadline.
    func timedOut() {
        self.timeouts.increment()
    }

    /// A pass was put off because the stores are behind what was written.
    public func skippedStale() {
        self.staleSkips.increment()
    }
}

extension Duration {
    /// In whole nanoseconds, as swift-metrics takes times.
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = self.components
        return seconds.multipliedReportingOverflow(by: 1_000_000_000).partialValue + attoseconds / 1_000_000_000
    }

    /// In seconds, as Prometheus takes times.
    var seconds: Double {
        let (seconds, attoseconds) = self.components
        return Double(seconds) + Double(attoseconds) / 1e18
    }
}
