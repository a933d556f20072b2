import ControllerRuntime
import Foundation
import JSON
import KubernetesAPI
import KubernetesClient
import Logging
import ServiceLifecycle
import UnixSignals

/// A whole operator: a `Website` becomes a ConfigMap with its page, and a Deployment that serves it.
@main
struct WebsiteOperator: Sendable {
    static let website = ResourceType(group: "example.com", version: "v1", plural: "websites", kind: "Website")
    static let label = "example.com/website"
    static let name = "website-operator"

    let client: KubernetesClient
    let logger = Logger(label: Self.name)
    let queue = WorkQueue<ObjectKey>()
    let ledger = WriteLedger<ObjectKey>()
    let websites = Store<DynamicObject>()
    let children: [ResourceType: Store<DynamicObject>] = [.configMaps: Store(), .deployments: Store()]

    static func main() async throws {
        let client = try KubernetesClient(environment: ProcessInfo.processInfo.environment, userAgent: Self.name)
        let program = WebsiteOperator(client: client)
        let signals: [UnixSignal] = [.sigterm, .sigint]
        try await ServiceGroup(services: program.services, gracefulShutdownSignals: signals, logger: program.logger)
            .run()
    }

    /// The watches, then who works: they end in the opposite order.
    var services: [any Service] {
        let watches = self.children.map { type, store in
            self.informer(Selection(type, labelSelector: Self.label), store) { $0.controllerKeys }
        }
        let controller = Controller(
            queue: self.queue,
            logger: self.logger,
            isReady: { self.websites.isSynced && self.children.values.allSatisfy(\.isSynced) },
            reconcile: { await self.reconcile($0) }
        )
        return [self.informer(Selection(Self.website), self.websites) { $0.keys }] + watches + [controller]
    }

    /// Copies a collection; each change wakes the websites that it concerns.
    func informer(
        _ selection: Selection,
        _ store: Store<DynamicObject>,
        wakes: @escaping @Sendable (StoreChange<DynamicObject>) -> [ObjectKey]
    ) -> any Service {
        Informer(selection, client: client, store: store, logger: logger, keep: { $0 }) {
            change in
            for key in wakes(change) { self.queue.add(key) }
        }
    }

    /// Makes what is missing or differs; what is there already is not written again.
    func reconcile(_ key: ObjectKey) async -> Outcome {
        guard let website = self.websites[key], !website.metadata.isBeingDeleted else { return .done }
        if let wait = self.ledger.remainingWait(for: key) { return .requeue(after: wait) }
        do {
            for (type, manifest) in self.manifests(of: website) {
                guard let store = self.children[type], store[key]?.value.holds(manifest) != true else { continue }
                let stored = try await self.client.apply(type, key, manifest, fieldManager: Self.name)
                self.ledger.record(key, wrote: ResourceVersion(of: stored), to: store)
                self.logger.info("applied", metadata: ["object": "\(type.kind) \(key)"])
            }
            let ready = self.children[.deployments]?[key]?.value["status"]?["readyReplicas"] ?? 0
            guard website.value["status"]?["readyReplicas"] != ready else { return .done }
            let patch: JSONValue = ["status": ["readyReplicas": ready]]
            _ = try await self.client.merge(Self.website, key, subresource: "status", patch, fieldManager: Self.name)
            return .done
        } catch {
            return .retry("\(error)")
        }
    }

    /// What a website consists of.
    func manifests(of website: DynamicObject) -> [(ResourceType, JSONValue)] {
        let (spec, name) = (website.value["spec"] ?? [:], JSONValue.string(website.metadata.name))
        let labels: JSONValue = [Self.label: name]
        let owner = website.metadata.controllerReference(to: Self.website).json
        let metadata: JSONValue = ["name": name, "labels": labels, "ownerReferences": [owner]]
        let container: JSONValue = [
            "name": "web", "image": spec["image"] ?? "nginxinc/nginx-unprivileged:stable",
            "volumeMounts": [["name": "page", "mountPath": "/usr/share/nginx/html"]],
        ]
        let pod: JSONValue = ["containers": [container], "volumes": [["name": "page", "configMap": ["name": name]]]]
        let rollout: JSONValue = [
            "replicas": spec["replicas"] ?? 1, "selector": ["matchLabels": labels],
            "template": ["metadata": ["labels": labels], "spec": pod],
        ]
        return [
            (.configMaps, .manifest(.configMaps, ["metadata": metadata, "data": ["index.html": spec["page"] ?? ""]])),
            (.deployments, .manifest(.deployments, ["metadata": metadata, "spec": rollout])),
        ]
    }
}
