internal import JSON
internal import KubernetesAPI
public import KubernetesClient
public import Logging
public import ServiceLifecycle

/// Posts events without ever holding up whoever has something to tell.
///
/// *Guarantees*: ``record(_:)`` returns at once. The same note again becomes a series, not a second event; an object that is
/// told about too often is passed over for a while. An event that cannot be posted is logged and given up: nothing depends
/// on events. On shutdown what is waiting is still posted.
public final class EventRecorder: Service {
    /// The type that events are posted as; served since Kubernetes 1.19.
    private static let resource = ResourceType(
        group: "events.k8s.io",
        version: "v1",
        plural: "events",
        kind: "Event"
    )

    private let client: KubernetesClient
    private let controller: String
    private let instance: String
    private let time: TimeSource
    private let wallClock: @Sendable () -> Double
    private let logger: Logger
    private let notes: AsyncStream<EventNote>
    private let inlet: AsyncStream<EventNote>.Continuation

    /// A recorder that posts from ``run()`` on.
    ///
    /// - Parameters:
    ///   - controller: Who reports, for example `todo.taskflow.dev/todoapp-operator`.
    ///   - instance: Which of its replicas.
    ///   - wallClock: Seconds since 1970.
    public init(
        client: KubernetesClient,
        controller: String,
        instance: String,
        time: TimeSource = .system,
        wallClock: @escaping @Sendable () -> Double,
        logger: Logger
    ) {
        self.client = client
        self.controller = controller
        self.instance = instance
        self.time = time
        self.wallClock = wallClock
        self.logger = logger
        // Of a thousand notes that nobody had time to post, the newest say most.
        (self.notes, self.inlet) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1000))
    }

    /// Takes a note.
    public func record(_ note: EventNote) {
        self.inlet.yield(note)
    }

    /// Posts until the process shuts down or the task is cancelled.
    public func run() async throws {
        await withGracefulShutdownHandler {
            var book = EventBook()
            for await note in self.notes {
                await self.post(note, &book)
            }
        } onGracefulShutdown: {
            self.inlet.finish()
        }
    }

    private func post(_ note: EventNote, _ book: inout EventBook) async {
        let now = self.time.now()
        do throws(KubernetesClientError) {
            switch book.enter(note, at: now) {
            case .drop:
                self.logger.debug("event passed over", metadata: ["reason": "\(note.reason)"])
            case .repeat(let name, let count):
                do throws(KubernetesClientError) {
                    try await self.count(note, name: name, count: count)
                } catch {
                    guard error.status?.isNotFound == true else { throw error }
                    book.lost(note)
                    book.posted(note, as: try await self.create(note), at: now)
                }
            case .create:
                book.posted(note, as: try await self.create(note), at: now)
            }
        } catch {
            if error.isCancelled { return }
            if error.status?.isNamespaceTerminating == true {
                // Everything in there goes, and what is told about it too.
                self.logger.debug("event lost with its namespace", metadata: ["reason": "\(note.reason)"])
            } else {
                self.logger.info("event lost", metadata: ["reason": "\(note.reason)", "error": "\(error)"])
            }
        }
    }

    /// Posts a new event, and gives its name.
    private func create(_ note: EventNote) async throws(KubernetesClientError) -> String {
        let seconds = self.wallClock()
        // As client-go names them: the object's name, and the time in hexadecimal digits, which no two share in practice.
        let name = "\(note.regarding.key.name).\(String(UInt64(max(0, seconds) * 1_000_000), radix: 16))"
        let namespace = note.regarding.key.namespace ?? "default"
        var regarding: JSONValue = [
            "apiVersion": .string(note.regarding.apiVersion),
            "kind": .string(note.regarding.kind),
            "name": .string(note.regarding.key.name),
            "uid": .string(note.regarding.uid),
        ]
        regarding["namespace"] = note.regarding.key.namespace.map { .string($0) }
        let event: JSONValue = [
            "apiVersion": .string(Self.resource.apiVersion),
            "kind": .string(Self.resource.kind),
            "metadata": ["name": .string(name), "namespace": .string(namespace)],
            "eventTime": .string(microTime(seconds)),
            "reportingController": .string(self.controller),
            "reportingInstance": .string(self.instance),
            "type": .string(note.kind.rawValue),
            "reason": .string(note.reason),
            "action": .string(note.action),
            "note": .string(cut(note.note)),
            "regarding": regarding,
        ]
        _ = try await self.client.create(
            Self.resource,
            namespace: namespace,
            event,
            fieldManager: self.controller
        )
        return name
    }

    private func count(_ note: EventNote, name: String, count: Int) async throws(KubernetesClientError) {
        let key = ObjectKey(namespace: note.regarding.key.namespace ?? "default", name: name)
        let series: JSONValue = [
            "count": JSONValue(count), "lastObservedTime": .string(microTime(self.wallClock())),
        ]
        _ = try await self.client.merge(
            Self.resource,
            key,
            ["series": series],
            fieldManager: self.controller
        )
    }
}

/// The API's limit for a note, in bytes.
private let longestNote = 1024

private func cut(_ note: String) -> String {
    guard note.utf8.count > longestNote else { return note }
    var kept = ""
    for character in note where kept.utf8.count + character.utf8.count <= longestNote - 3 {
        kept.append(character)
    }
    return kept + "..."
}
