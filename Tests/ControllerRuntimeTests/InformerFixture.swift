import HTTPTransport
import JSON
import KubernetesAPI
import KubernetesClient
import KubernetesTesting
import Locks
import Logging
import Testing

@testable import ControllerRuntime

/// An informer whose server is a script; a request beyond its end is answered with a watch that is silent.
final class InformerFixture: Sendable {
    /// The first list of most tests.
    static let list = RecordedTransport.Answer.list(
        [TestObject("a", version: 1).json, TestObject("b", version: 2).json],
        version: "5"
    )

    let transport: RecordedTransport
    let time = ManualTime()
    let store = Store<TestObject> { $0.owner }
    let informer: Informer<TestObject>
    let unreadable = Locked<[String]>([])
    private let told = Locked<[String]>([])
    private let task: Task<Void, any Error>

    convenience init(
        _ answers: [RecordedTransport.Answer],
        initialSync: ReflectorMachine.InitialSync = .list,
        skipsTime: Bool = true
    ) {
        let left = Locked(answers)
        self.init(initialSync: initialSync, skipsTime: skipsTime) { _ in
            left.withLock { $0.isEmpty ? .watch([], end: .silence) : $0.removeFirst() }
        }
    }

    init(
        namespaces: [String] = ["shop"],
        initialSync: ReflectorMachine.InitialSync = .list,
        skipsTime: Bool = true,
        answering answer: @escaping @Sendable (HTTPRequest) async -> RecordedTransport.Answer
    ) {
        let transport = RecordedTransport(answering: answer)
        let (told, unreadable) = (self.told, self.unreadable)
        let informer = Informer(
            Selection(.pods),
            namespaces: namespaces,
            client: KubernetesClient(
                transport: transport,
                credential: NoCredential(),
                options: KubernetesClient.Options(
                    userAgent: "unit-test/1",
                    retry: RetryPolicy(attempts: 1),
                    sleep: { _ in }
                )
            ),
            store: self.store,
            options: InformerOptions(
                initialSync: initialSync,
                onUnreadable: { name, _ in unreadable.withLock { $0.append(name) } }
            ),
            time: skipsTime ? self.time.skippingSource : self.time.source,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            project: TestObject.init(json:),
            onChange: { change in told.withLock { $0.append(change.text) } }
        )
        self.informer = informer
        self.transport = transport
        self.task = Task { try await informer.run() }
    }

    var changes: [String] {
        self.told.withLock { $0 }
    }

    /// The targets of the requests in brief: `list`, `list TOKEN` or `watch VERSION`.
    var requests: [String] {
        self.transport.requests.map { request in
            func parameter(_ name: String) -> String? {
                request.target.split(whereSeparator: { "?&".contains($0) })
                    .first { $0.hasPrefix("\(name)=") }.map { String($0.dropFirst(name.count + 1)) }
            }
            if parameter("sendInitialEvents") == "true" { return "stream \(parameter("resourceVersionMatch") ?? "")" }
            if parameter("watch") == "true" { return "watch \(parameter("resourceVersion") ?? "")" }
            return parameter("continue").map { "list \($0)" } ?? "list"
        }
    }

    /// Waits until so many requests were made, and ends the informer.
    func end(after requests: Int) async throws {
        #expect(await eventually { self.transport.requests.count >= requests })
        // The last request's answer has been dealt with when its silent body is being read.
        #expect(await eventually { self.store.isSynced || self.store.isDenied })
        try await self.stop()
    }

    func stop() async throws {
        self.task.cancel()
        try await self.task.value
    }
}

func watchEvent(_ type: String, _ object: TestObject) -> JSONValue {
    ["type": .string(type), "object": object.json]
}
