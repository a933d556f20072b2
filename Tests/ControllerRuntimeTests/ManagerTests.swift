import HTTPTransport
import JSON
import KubernetesClient
import KubernetesTesting
import Locks
import Logging
import ServiceLifecycle
import ServiceLifecycleTestKit
import Testing

@testable import ControllerRuntime

/// A part that says when it begins and ends.
private struct Part: Service {
    struct Broken: Error {}

    let name: String
    let log: Locked<[String]>
    var breaks: Signal?

    func run() async throws {
        self.log.withLock { $0.append("+\(self.name)") }
        if let breaks {
            await breaks.wait()
            throw Broken()
        }
        try? await gracefulShutdown()
        self.log.withLock { $0.append("-\(self.name)") }
    }
}

@Suite("Manager", .timeLimit(.minutes(1)))
struct ManagerTests {
    private let log = Locked<[String]>([])

    private func manager() -> Manager {
        var manager = Manager(logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        manager.servers = [Part(name: "server", log: self.log)]
        manager.recorders = [Part(name: "recorder", log: self.log)]
        manager.informers = [Part(name: "informer", log: self.log)]
        manager.controllers = [Part(name: "controller", log: self.log)]
        return manager
    }

    private var begun: Int { self.log.withLock { $0.count { $0.hasPrefix("+") } } }

    @Test("Parts end one after the other, those first that need the others")
    func order() async throws {
        let manager = self.manager()
        try await testGracefulShutdown { trigger in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await manager.run() }
                #expect(await eventually { self.begun == 4 })
                trigger.triggerGracefulShutdown()
                try await group.waitForAll()
            }
        }
        let ended = self.log.withLock { $0.filter { $0.hasPrefix("-") } }
        #expect(ended == ["-controller", "-informer", "-recorder", "-server"])
    }

    @Test("A part that fails ends the others in good order, and its error is the manager's")
    func failure() async throws {
        var manager = self.manager()
        let breaks = Signal()
        manager.informers.append(Part(name: "broken", log: self.log, breaks: breaks))
        let running = manager
        let task = Task { try await running.run() }
        #expect(await eventually { self.begun == 5 })
        breaks.give()
        await #expect(throws: Part.Broken.self) { try await task.value }
        let ended = self.log.withLock { $0.filter { $0.hasPrefix("-") } }
        #expect(ended == ["-controller", "-informer", "-recorder", "-server"])
    }

    @Test("A lease that is lost ends everything at once")
    func lost() async throws {
        var manager = self.manager()
        let time = ManualTime()
        let refusing = RecordedTransport { request in
            guard request.method == "POST" else { return .refusal(404, reason: "NotFound") }
            // The answer comes when the term that it begins is over.
            time.advance(by: .seconds(11))
            return .json(["metadata": ["resourceVersion": "1"], "spec": ["holderIdentity": "me"]])
        }
        manager.elector = LeaderElector(
            client: KubernetesClient(
                transport: refusing,
                credential: NoCredential(),
                options: LeaderElector.clientOptions(userAgent: "unit-test/1", times: .standard)
            ),
            options: LeaderElector.Options(name: "l", namespace: "n", identity: "me", fieldManager: "unit-test"),
            leadership: Leadership(time: time.source),
            // A request's own time must not run out by the clock that is moved here.
            time: TimeSource(now: { time.now }, sleep: { _ in await Signal().wait() }, random: { 0 }),
            wallClock: { 0 },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            isReady: { true }
        )
        let running = manager
        let task = Task { try await running.run() }
        await #expect(throws: LeadershipLost.self) { try await task.value }
    }
}
