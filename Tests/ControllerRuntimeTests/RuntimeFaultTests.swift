import ControllerRuntime
import JSON
import KubernetesAPI
import KubernetesClient
import KubernetesTesting
import Locks
import Logging
import ServiceLifecycle
import Testing

/// An operator of a few lines: each ConfigMap that is labelled so has a copy, which it owns.
private struct Copier: Sendable {
    static let label = "example.com/copied"
    static let namespace = "default"

    let server: SimulatedAPIServer
    private let time: TimeSource
    /// Keys in flight, and how often one was twice.
    private let flights = Locked((keys: Set<ObjectKey>(), collisions: 0))

    init() {
        self.time = .accelerated(by: 100)
        self.server = SimulatedAPIServer(
            SimulatedAPIServer.Options(bookmarkInterval: .seconds(60), time: self.time)
        )
    }

    var collisions: Int { self.flights.withLock { $0.collisions } }

    /// Runs until something holds; whatever kills a process, another follows.
    func run(until condition: @escaping @Sendable () -> Bool) async -> Bool {
        await withTaskGroup(of: Bool?.self) { group in
            group.addTask {
                while !Task.isCancelled { await self.runOnce() }
                return nil
            }
            group.addTask { await eventually(condition) }
            var result: Bool?
            while result == nil, let next = await group.next() { result = next }
            group.cancelAll()
            return result ?? false
        }
    }

    private func runOnce() async {
        let connection = self.server.connect(as: "copier")
        let time = self.time
        let client = KubernetesClient(
            transport: connection,
            credential: NoCredential(),
            options: KubernetesClient.Options(
                userAgent: "copier/1",
                now: time.now,
                sleep: time.sleep,
                random: time.random
            )
        )
        let (sources, copies) = (Store<DynamicObject>(), Store<DynamicObject>())
        let queue = WorkQueue<ObjectKey>(time: time)
        let ledger = WriteLedger<ObjectKey>(time: time)
        let logger = Logger(label: "copier") { _ in SwiftLogNoOpLogHandler() }
        let services: [any Service] = [
            Informer(
                Selection(.configMaps, labelSelector: Self.label),
                client: client,
                store: sources,
                time: time,
                logger: logger,
                project: DynamicObject.init(json:),
                onChange: { change in for key in change.keys { queue.add(key) } }
            ),
            Informer(
                Selection(.secrets, labelSelector: Self.label),
                client: client,
                store: copies,
                time: time,
                logger: logger,
                project: DynamicObject.init(json:),
                onChange: { change in for key in change.controllerKeys { queue.add(key) } }
            ),
            Controller(
                queue: queue,
                time: time,
                logger: logger,
                isReady: { sources.isSynced && copies.isSynced },
                reconcile: { key in
                    await self.alone(key) {
                        await Self.reconcile(
                            key,
                            sources: sources,
                            copies: copies,
                            ledger: ledger,
                            client: client
                        )
                    }
                }
            ),
        ]
        await withTaskGroup(of: Void.self) { group in
            for service in services { group.addTask { try? await service.run() } }
            group.addTask { await connection.waitUntilClosed() }
            _ = await group.next()
            group.cancelAll()
        }
        await connection.close()
    }

    private func alone(_ key: ObjectKey, _ body: () async -> Outcome) async -> Outcome {
        self.flights.withLock { flights in
            if !flights.keys.insert(key).inserted { flights.collisions += 1 }
        }
        let outcome = await body()
        self.flights.withLock { _ = $0.keys.remove(key) }
        return outcome
    }

    private static func reconcile(
        _ key: ObjectKey,
        sources: Store<DynamicObject>,
        copies: Store<DynamicObject>,
        ledger: WriteLedger<ObjectKey>,
        client: KubernetesClient
    ) async -> Outcome {
        guard let source = sources[key] else { return .done }
        if let wait = ledger.remainingWait(for: key) { return .requeue(after: wait) }
        let manifest = JSONValue.manifest(
            .secrets,
            [
                "metadata": [
                    "name": .string(key.name), "labels": [Self.label: "yes"],
                    "ownerReferences": [source.metadata.controllerReference(to: .configMaps).json],
                ],
                "data": source.value["data"] ?? [:],
            ]
        )
        guard copies[key]?.value.holds(manifest) != true else { return .done }
        do {
            let stored = try await client.apply(.secrets, key, manifest, fieldManager: "copier")
            ledger.record(key, wrote: ResourceVersion(of: stored), to: copies)
            return .done
        } catch {
            return .retry("\(error)")
        }
    }

    // MARK: The user

    func key(_ number: Int) -> ObjectKey {
        ObjectKey(namespace: Self.namespace, name: "map-\(number)")
    }

    func write(_ number: Int, _ text: Int) {
        self.server.put(.configMaps, self.key(number)) { map in
            map["metadata"]?["labels"] = [Self.label: "yes"]
            map["data"] = ["text": .string("\(text)")]
        }
    }

    /// Every source has its copy, and nothing else has one.
    var isConverged: Bool {
        let sources = self.server.objects(.configMaps).map { ($0["metadata"]?["name"], $0["data"]) }
        let copies = self.server.objects(.secrets).map { ($0["metadata"]?["name"], $0["data"]) }
        return sources.count == copies.count && zip(sources, copies).allSatisfy { $0 == $1 }
    }
}

/// The runtime under a user who is at work and a server that fails: no change is lost, no key is in two hands.
// One at a time: each is a whole world at a hundred times its speed, and would run late beside the others.
@Suite("The runtime under faults", .serialized)
struct RuntimeFaultTests {
    @Test(
        "Whatever fails, the copies are in the end what the sources are",
        arguments: SeededRandom.seeds(24)
    )
    func randomFaults(seed: UInt64) async {
        var random = SeededRandom(seed: seed)
        let copier = Copier()
        let cuts = (0..<6).map { _ in
            Fault.cutStream(afterBytes: Int.random(in: 0...2000, using: &random))
        }
        copier.server.changeFaults { faults in
            faults.roll(
                [
                    .refuseConnection, .respond(429, retryAfter: 1), .respond(500), .respond(503),
                    .respond(504),
                    .respond(410), .loseAnswer, .die, .expire, .chunks(of: 1), .olderState(by: 4),
                ] + cuts,
                probability: 0.25,
                seed: seed
            )
        }
        let work = (0..<60).map { _ in
            (map: Int.random(in: 0..<8, using: &random), kind: Int.random(in: 0..<10, using: &random))
        }
        let isAtWork = Locked(true)
        async let user: Void = {
            for (step, move) in work.enumerated() {
                switch move.kind {
                case 0: copier.server.remove(.configMaps, copier.key(move.map))
                case 1: copier.server.remove(.secrets, copier.key(move.map))
                case 2: copier.server.compact()
                default: copier.write(move.map, step)
                }
                try? await Task.sleep(for: .milliseconds(2))
            }
            isAtWork.withLock { $0 = false }
        }()
        let converged = await copier.run { !isAtWork.withLock { $0 } && copier.isConverged }
        await user
        #expect(converged, "TEST_SEED=\(seed)")
        #expect(copier.collisions == 0, "TEST_SEED=\(seed)")
    }

    @Test(
        "An object of 1.5 MB, cut into pieces at every place, comes whole",
        arguments: [1, 3, 4096]
    )
    func largeObject(size: Int) async {
        let copier = Copier()
        let text = String(repeating: "“é😀” \\ \u{2028}", count: size == 1 ? 1000 : 80_000)
        copier.server.changeFaults {
            $0.add(.chunks(of: size), on: .init([.list, .watch]), times: .max)
        }
        copier.server.put(.configMaps, copier.key(0)) { map in
            map["metadata"]?["labels"] = [Copier.label: "yes"]
            map["data"] = ["text": .string(text)]
        }
        #expect(await copier.run { copier.isConverged })
        #expect(copier.server.object(.secrets, copier.key(0))?["data"]?["text"]?.string == text)
    }
}
