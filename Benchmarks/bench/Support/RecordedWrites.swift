import ControllerRuntime
import CoreMetrics
import Foundation
import HTTPTransport
import JSON
import KubernetesAPI
import KubernetesClient
import Locks
import Logging
import ServiceLifecycle
import TodoAppOperator

/// What the operator writes for one TodoApp, as it wrote it once on this very API server: all children and the status.
///
/// Events are left out: nobody waits for them.
struct RecordedWrites: Sendable {
    private static let namespace = "bench-recorded"
    /// As long as every UID, and part of nothing else.
    static let uid = "00000000-bench-uid-of-the-todoapp-00"

    /// One request, with name, namespace and UID of an app to be filled in.
    struct Draft: Sendable, Equatable {
        var method: String
        var target: String
        var contentType: String
        var body: String
    }

    let drafts: [Draft]
    /// The types of the children.
    let types: [ResourceType]

    /// How many children an app has: everything but its status.
    var children: Int { self.drafts.count - 1 }

    /// Has the operator bring up one TodoApp, in this process.
    static func record(on stage: Stage) async throws -> RecordedWrites {
        let apps = Apps(namespace: Self.namespace, count: 1, client: stage.client)
        try await apps.prepare()
        let uids = try await apps.createAll()
        let transport = RecordingTransport(stage.transport)
        let client = KubernetesClient(
            transport: transport,
            credential: stage.connection.credential,
            options: KubernetesClient.Options(userAgent: "bench")
        )
        let running = Task { try await Self.operate(client) }
        while try await apps.countSynced() < 1 { try await Task.sleep(for: .milliseconds(100)) }
        running.cancel()
        _ = await running.result
        var drafts: [Draft] = []
        for draft in transport.drafts
        where !drafts.contains(where: { $0.target == draft.target && $0.method == "PATCH" }) {
            var draft = draft
            draft.body = draft.body.replacingOccurrences(of: uids[0], with: Self.uid)
            drafts.append(draft)
        }
        let budgets = try await stage.client.serves(.podDisruptionBudgets)
        return RecordedWrites(
            drafts: drafts,
            types: [
                .deployments, .services, .secrets, .configMaps, .serviceAccounts, .networkPolicies,
                budgets ? .podDisruptionBudgets : .podDisruptionBudgetsBeta,
            ]
        )
    }

    private static func operate(_ client: KubernetesClient) async throws {
        let operatorServices = try await OperatorServices(
            clients: OperatorServices.Clients(work: client, report: client),
            options: OperatorServices.Options(namespaces: [Self.namespace], workers: 1, instance: "bench"),
            surroundings: TodoAppReconciler.Surroundings(
                now: { Date().timeIntervalSince1970 },
                randomBytes: { count in (0..<count).map { _ in UInt8.random(in: .min ... .max) } },
                operatorVersion: "bench"
            ),
            leadership: .unneeded,
            metrics: NOOPMetricsHandler.instance,
            logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
        )
        await withTaskGroup(of: Void.self) { group in
            for service in operatorServices.services { group.addTask { try? await service.run() } }
        }
    }

    /// The requests for an app; the UID stands as ``uid`` in their bodies.
    func requests(for number: Int, in namespace: String) -> [HTTPRequest] {
        self.drafts.map { draft in
            func filled(_ text: String) -> String {
                text.replacingOccurrences(of: Self.namespace, with: namespace)
                    .replacingOccurrences(of: Apps.name(0), with: Apps.name(number))
            }
            return HTTPRequest(
                method: draft.method,
                target: filled(draft.target),
                headers: [
                    (name: "Accept", value: "application/json"), (name: "Content-Type", value: draft.contentType),
                ],
                body: Array(filled(draft.body).utf8)
            )
        }
    }
}

/// A transport that keeps what was written through it.
private final class RecordingTransport: HTTPTransport {
    private let inner: any HTTPTransport
    private let content = Locked<[RecordedWrites.Draft]>([])

    init(_ inner: any HTTPTransport) {
        self.inner = inner
    }

    var drafts: [RecordedWrites.Draft] { self.content.withLock { $0 } }

    func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
        if let body = request.body, !request.target.contains("/events") {
            let draft = RecordedWrites.Draft(
                method: request.method,
                target: request.target,
                contentType: request.headers.first { $0.name == "Content-Type" }?.value ?? "",
                body: String(decoding: body, as: UTF8.self)
            )
            self.content.withLock { $0.append(draft) }
        }
        return try await self.inner.send(request)
    }

    /// The connection stays: others use it too.
    func close() async {}
}
