public import CoreMetrics
internal import KubernetesAPI
public import ServiceLifecycle

/// A copy of a collection, whatever its objects are: what probes and metrics see of an ``Informer``.
public protocol WatchedCollection: Service {
    /// What it is called: the type, for example `deployments.apps`.
    var name: String { get }
    /// How it stands, for each namespace that is watched on its own.
    var status: [ReflectorStatus] { get }
    /// How many objects it holds.
    var objectCount: Int { get }
}

extension Informer: WatchedCollection {
    /// How many objects the store holds.
    public var objectCount: Int { self.store.count }
}

/// What is measured of copies; all of it when somebody looks.
public struct WatchMetrics: Sendable {
    private struct Meters: Sendable {
        let collection: any WatchedCollection
        let age: Meter
        let isSynced: Meter
        let objects: Meter
        let version: Meter
    }

    private let meters: [Meters]
    private let time: TimeSource
    private let start: ContinuousClock.Instant

    /// The metrics of these copies.
    public init(
        _ collections: [any WatchedCollection],
        factory: any MetricsFactory,
        time: TimeSource = .system
    ) {
        self.time = time
        self.start = time.now()
        self.meters = collections.map { collection in
            let labels = [("resource", collection.name)]
            return Meters(
                collection: collection,
                age: Meter(label: "watch_last_event_age_seconds", dimensions: labels, factory: factory),
                isSynced: Meter(label: "watch_synced", dimensions: labels, factory: factory),
                objects: Meter(label: "store_objects", dimensions: labels, factory: factory),
                version: Meter(label: "store_resource_version", dimensions: labels, factory: factory)
            )
        }
    }

    /// Looks at each copy; of one that watches several namespaces the worst counts.
    public func collect() {
        let now = self.time.now()
        for meter in self.meters {
            let status = meter.collection.status
            let heard = status.map { $0.lastHeard ?? self.start }.min() ?? self.start
            meter.age.set(heard.duration(to: now).seconds)
            meter.isSynced.set(status.allSatisfy(\.isSynced) ? 1 : 0)
            meter.objects.set(meter.collection.objectCount)
            meter.version.set(status.map { Double($0.version.text) ?? 0 }.min() ?? 0)
        }
    }
}
