public import CoreMetrics
internal import Locks

/// What a ``WorkQueue`` counts and measures.
///
/// It keeps its own book of when each key came, so that the queue's rules need not know of it. A look that a reconcile asked
/// for itself is no change, and counts neither as an addition nor towards the lag.
public final class QueueMetrics<Key: Hashable & Sendable>: Sendable {
    typealias Instant = ContinuousClock.Instant

    private struct Book {
        /// When a key that waits becomes, or became, ready.
        var readyAt: [Key: Instant] = [:]
        /// When a key that a worker has was taken.
        var takenAt: [Key: Instant] = [:]
        /// When the first change came that no pass has dealt with yet.
        var unsettledSince: [Key: Instant] = [:]
        /// Keys whose pass was put off, so that what is unsettled stays so.
        var putOff: Set<Key> = []
    }

    private let book = Locked(Book())
    private let adds: Counter
    private let retries: Counter
    private let queueDuration: Timer
    private let workDuration: Timer
    private let statusLag: Timer
    private let depth: Meter
    private let unfinished: Meter
    private let longest: Meter

    /// The metrics of a queue, which in most operators is called as its controller.
    public init(name: String, controller: String, factory: any MetricsFactory) {
        let labels = [("name", name), ("controller", controller)]
        self.adds = Counter(label: "workqueue_adds_total", dimensions: labels, factory: factory)
        self.retries = Counter(label: "workqueue_retries_total", dimensions: labels, factory: factory)
        self.queueDuration = Timer(
            label: "workqueue_queue_duration_seconds",
            dimensions: labels,
            factory: factory
        )
        self.workDuration = Timer(label: "workqueue_work_duration_seconds", dimensions: labels, factory: factory)
        self.statusLag = Timer(
            label: "controller_status_lag_seconds",
            dimensions: [("controller", controller)],
            factory: factory
        )
        self.depth = Meter(label: "workqueue_depth", dimensions: labels, factory: factory)
        self.unfinished = Meter(label: "workqueue_unfinished_work_seconds", dimensions: labels, factory: factory)
        self.longest = Meter(
            label: "workqueue_longest_running_processor_seconds",
            dimensions: labels,
            factory: factory
        )
    }

    /// Nothing is counted.
    public static var none: QueueMetrics {
        QueueMetrics(name: "", controller: "", factory: NOOPMetricsHandler.instance)
    }

    // MARK: What happens to a key

    func added(_ key: Key, readyAt: Instant) {
        let isNew = self.book.withLock { book in
            book.unsettledSince[key] = min(book.unsettledSince[key] ?? readyAt, readyAt)
            defer { book.readyAt[key] = min(book.readyAt[key] ?? readyAt, readyAt) }
            return book.readyAt[key] == nil
        }
        if isNew { self.adds.increment() }
    }

    func taken(_ key: Key, at now: Instant) {
        let readyAt = self.book.withLock { book in
            book.takenAt[key] = now
            return book.readyAt.removeValue(forKey: key)
        }
        if let readyAt {
            self.queueDuration.recordNanoseconds(max(0, readyAt.duration(to: now).nanoseconds))
        }
    }

    /// The pass over a key that is under way will deal with nothing: it is put off.
    public func putOff(_ key: Key) {
        self.book.withLock { _ = $0.putOff.insert(key) }
    }

    func finished(_ key: Key, _ outcome: Outcome, at now: Instant) {
        let isRetry = if case .retry = outcome { true } else { false }
        let (takenAt, settledSince) = self.book.withLock { book in
            let takenAt = book.takenAt.removeValue(forKey: key)
            let wasPutOff = book.putOff.remove(key) != nil
            guard !isRetry, !wasPutOff else { return (takenAt, Instant?.none) }
            let since = book.unsettledSince[key]
            // What came while it was worked on is the next pass's.
            book.unsettledSince[key] = book.readyAt[key]
            return (takenAt, since)
        }
        if let takenAt {
            self.workDuration.recordNanoseconds(takenAt.duration(to: now).nanoseconds)
        }
        if let settledSince {
            self.statusLag.recordNanoseconds(max(0, settledSince.duration(to: now).nanoseconds))
        }
        if isRetry { self.retries.increment() }
    }

    /// Works out what is only worth knowing when somebody looks.
    func collect(ready: Int, at now: Instant) {
        let kept = self.book.withLock { book in book.takenAt.values.map { $0.duration(to: now).seconds } }
        self.depth.set(ready)
        self.unfinished.set(kept.reduce(0, +))
        self.longest.set(kept.max() ?? 0)
    }
}
