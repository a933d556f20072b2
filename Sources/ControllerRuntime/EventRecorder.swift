internal import KubernetesAPI
public import KubernetesClient
internal import Locks
public import Logging
public import ServiceLifecycle

/// Posts events without ever holding up whoever has something to tell.
///
/// *Guarantees*: ``record(_:)`` returns at once. While much else is written, an event gives way to that, for ``patience`` at most: what is told is less
/// urgent than what it is told of. The same note again becomes a series, not a second event; an object that is
/// told about too often is passed over for a while. An event that cannot be posted is logged and given up: nothing depends
/// on events. On shutdown what is waiting is still posted, for ``flushLimit`` at most. Events are posted in the newest form
/// that the API server has.
public final class EventRecorder: Service {
    /// What is waiting at the end has so long to be posted; nothing depends on it.
    public static let flushLimit = Duration.seconds(5)

    /// For so long at most an event gives way to other work.
    public static let patience = Duration.seconds(30)

    private let client: KubernetesClient
    private let source: EventAPI.Source
    private let time: TimeSource
    private let wallClock: @Sendable () -> Double
    private let logger: Logger
    private let isBusy: @Sendable () -> Bool
    private let notes: AsyncStream<Waiting>
    private let inlet: AsyncStream<Waiting>.Continuation
    private let isEnding = Locked(false)

    private struct Waiting: Sendable {
        var note: EventNote
        var since: ContinuousClock.Instant
    }

    /// Ends when the process shuts down.
    private let working: AsyncStream<Void>
    private let end: AsyncStream<Void>.Continuation

    /// A recorder that posts from ``run()`` on.
    ///
    /// - Parameters:
    ///   - client: Talks to the API server.
    ///   - controller: Who reports, for example `todo.taskflow.dev/todoapp-operator`.
    ///   - instance: Which of its replicas.
    ///   - time: Time and chance; the machine's own by default.
    ///   - wallClock: Seconds since 1970.
    ///   - logger: Where it tells what happens.
    ///   - isBusy: Whether so much is written just now that events are to give way; never by default.
    public init(
        client: KubernetesClient,
        controller: String,
        instance: String,
        time: TimeSource = .system,
        wallClock: @escaping @Sendable () -> Double,
        logger: Logger,
        isBusy: @escaping @Sendable () -> Bool = { false }
    ) {
        self.client = client
        self.source = EventAPI.Source(controller: controller, instance: instance)
        self.time = time
        self.wallClock = wallClock
        self.logger = logger
        self.isBusy = isBusy
        // Of thousands of notes that nobody had time to post, the newest say most.
        (self.notes, self.inlet) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(5000))
        (self.working, self.end) = AsyncStream.makeStream()
    }

    /// Takes a note.
    public func record(_ note: EventNote) {
        self.inlet.yield(Waiting(note: note, since: self.time.now()))
    }

    /// Posts until the process shuts down or the task is cancelled.
    public func run() async throws {
        await withGracefulShutdownHandler {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.postAll() }
                group.addTask {
                    for await _ in self.working {}
                    try? await self.time.sleep(Self.flushLimit)
                }
                // Whichever comes first: the last note, or the end of patience.
                await group.next()
                group.cancelAll()
            }
        } onGracefulShutdown: {
            self.isEnding.withLock { $0 = true }
            self.inlet.finish()
            self.end.finish()
        }
    }

    private struct Posting {
        var book = EventBook()
        /// `nil` until the API server has said what it takes.
        var api: EventAPI?
    }

    private func postAll() async {
        var posting = Posting()
        for await waiting in self.notes {
            await self.giveWay(until: waiting.since + Self.patience)
            if Task.isCancelled { return }
            do throws(KubernetesClientError) {
                try await self.post(waiting.note, &posting)
            } catch {
                self.report(waiting.note, error)
            }
        }
    }

    /// Waits while others write; not on the way out, where little time is left.
    private func giveWay(until limit: ContinuousClock.Instant) async {
        while self.isBusy(), self.time.now() < limit, !self.isEnding.withLock({ $0 }) {
            guard (try? await self.time.sleep(.milliseconds(100))) != nil else { return }
        }
    }

    private func post(_ note: EventNote, _ posting: inout Posting) async throws(KubernetesClientError) {
        let api = try await self.api(&posting)
        let now = self.time.now()
        switch posting.book.enter(note, at: now) {
        case .drop:
            self.logger.debug("event passed over", metadata: ["reason": "\(note.reason)"])
        case .repeat(let name, let count):
            do throws(KubernetesClientError) {
                try await self.count(note, api, name: name, count: count)
            } catch {
                guard error.status?.isNotFound == true else { throw error }
                posting.book.lost(note)
                posting.book.posted(note, as: try await self.create(note, api), at: now)
            }
        case .create:
            posting.book.posted(note, as: try await self.create(note, api), at: now)
        }
    }

    private func api(_ posting: inout Posting) async throws(KubernetesClientError) -> EventAPI {
        if let api = posting.api { return api }
        let api: EventAPI
        do throws(KubernetesClientError) {
            api = try await EventAPI.served(by: self.client)
        } catch {
            // Who may not ask can still try what all servers of today have.
            guard error.status?.isForbidden == true else { throw error }
            api = .v1
        }
        posting.api = api
        return api
    }

    /// Posts a new event, and gives its name.
    private func create(_ note: EventNote, _ api: EventAPI) async throws(KubernetesClientError) -> String {
        let seconds = self.wallClock()
        // As client-go names them: the object's name, and the time in hexadecimal digits, which no two share in practice.
        let name = "\(note.regarding.key.name).\(String(UInt64(max(0, seconds) * 1_000_000), radix: 16))"
        let namespace = note.regarding.key.namespace ?? "default"
        _ = try await self.client.post(
            api.resource,
            namespace: namespace,
            api.event(note, name: name, namespace: namespace, source: self.source, at: seconds),
            fieldManager: self.source.controller
        )
        return name
    }

    private func count(
        _ note: EventNote,
        _ api: EventAPI,
        name: String,
        count: Int
    ) async throws(KubernetesClientError) {
        _ = try await self.client.merge(
            api.resource,
            ObjectKey(namespace: note.regarding.key.namespace ?? "default", name: name),
            api.repetition(count: count, at: self.wallClock()),
            fieldManager: self.source.controller
        )
    }

    private func report(_ note: EventNote, _ error: KubernetesClientError) {
        if error.isCancelled { return }
        if error.status?.isNamespaceTerminating == true {
            // Everything in there goes, and what is told about it too.
            self.logger.debug("event lost with its namespace", metadata: ["reason": "\(note.reason)"])
        } else {
            self.logger.info("event lost", metadata: ["reason": "\(note.reason)", "error": "\(error)"])
        }
    }
}
