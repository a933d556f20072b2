import ControllerRuntime
import JSON
import KubernetesAPI
import KubernetesClient
import Locks
import TodoAppOperator

/// How soon a status can follow its pods at all: it says in the TodoApps' statuses how often the pods were restarted, and does
/// nothing else.
///
/// It waits for as many answers at a time as the operator does. What changes while a TodoApp is written is told by its next write.
struct StatusFloor: Sendable {
    let client: KubernetesClient
    let namespace: String
    /// The operator's `--workers`.
    private static let workers = 32

    private let queue = WorkQueue<String>()
    /// By app and component; what is not written yet.
    private let news = Locked<[String: [String: JSONValue]]>([:])

    init(client: KubernetesClient, namespace: String) {
        self.client = client
        self.namespace = namespace
    }

    /// Follows the pods until it is cancelled.
    func run() async throws {
        try await withTaskCancellationHandler {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await self.watch() }
                for _ in 0..<Self.workers { group.addTask { try await self.work() } }
                try await group.waitForAll()
            }
        } onCancel: {
            // Who waits for the next TodoApp does not hear of it otherwise.
            self.queue.shutDown()
        }
    }

    private func watch() async throws {
        let selection = Selection(.pods, namespace: self.namespace)
        try await follow(selection, with: self.client) { pod in
            let (app, component) = parts(ofPod: pod.metadata.name)
            let restarts = pod.value["status"]?["containerStatuses"]?[0]?["restartCount"] ?? 0
            self.news.withLock { $0[app, default: [:]][component] = ["restarts": restarts] }
            self.queue.add(app)
        }
    }

    private func work() async throws {
        while let app = await self.queue.next() {
            let components = self.news.withLock { $0.removeValue(forKey: app) } ?? [:]
            var members = JSONObject()
            for (name, status) in components { members[name] = status }
            _ = try await self.client.merge(
                TodoAppObject.resource,
                ObjectKey(namespace: self.namespace, name: app),
                subresource: "status",
                ["status": ["components": .object(members)]],
                fieldManager: "bench"
            )
            _ = self.queue.finished(app, .done)
        }
    }
}

/// The app and the component whose pod has this name: `app-00001` and `backend`.
func parts(ofPod name: String) -> (app: String, component: String) {
    let parts = name.split(separator: "-")
    return (parts.dropLast().joined(separator: "-"), String(parts.last ?? ""))
}

/// Hears of what changes from now on, until the task is cancelled.
///
/// An API server that has too much to do closes watches whose reader it takes for too slow; then it goes on where that ended.
func follow(
    _ selection: Selection,
    with client: KubernetesClient,
    _ each: @Sendable (DynamicObject) -> Void
) async throws {
    var version = try await client.list(selection, limit: 1) { _ in }.resourceVersion
    while !Task.isCancelled {
        var stream = try await client.watch(
            selection,
            .after(version),
            timeout: .seconds(600),
            idle: .seconds(600)
        )
        while let event = try await stream.next() {
            switch event {
            case .modified(let object):
                version = object.metadata.resourceVersion
                each(object)
            case .failed(let status) where status.isExpired:
                version = try await client.list(selection, limit: 1) { _ in }.resourceVersion
            default: break
            }
        }
    }
}
