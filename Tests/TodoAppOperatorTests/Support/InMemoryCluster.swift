import HTTPTransport
import JSON
import KubernetesAPI
import KubernetesClient
import KubernetesTesting
import Locks

@testable import ControllerRuntime
@testable import TodoAppOperator

/// As much of an API server as a reconcile needs: objects by path, versions, UIDs, node ports.
///
/// It knows no controllers. The operator's stores are filled by ``show(_:)`` and not by watches, so that a test decides
/// what the operator has seen.
final class InMemoryCluster: Sendable {
    private struct Content {
        var objects: [String: JSONValue] = [:]
        var version = 100
        var nodePort = 30_500
        /// What was asked for, reads left out: `POST services/taskflow-backend`.
        var writes: [String] = []
    }

    private let content = Locked(Content())
    private let interferences = Locked<[String: @Sendable () -> Void]>([:])

    /// A client of it.
    var client: KubernetesClient {
        KubernetesClient(
            transport: RecordedTransport { self.answer($0) },
            credential: NoCredential(),
            options: KubernetesClient.Options(userAgent: "unit-test/1", retry: RetryPolicy(attempts: 1))
        )
    }

    /// The writes since the last time, in order of their text: children are written side by side.
    func takeWrites() -> [String] {
        self.content.withLock { content in
            defer { content.writes = [] }
            return content.writes.sorted()
        }
    }

    /// An object as it is.
    func object(_ type: ResourceType, _ name: String) -> JSONValue? {
        self.content.withLock { $0.objects[type.path(ObjectKey(namespace: "todo-app", name: name))] }
    }

    /// Puts an object there, or changes it, as somebody else would.
    func put(_ type: ResourceType, _ name: String, _ change: (inout JSONValue) -> Void) {
        let key = ObjectKey(namespace: type.isNamespaced ? "todo-app" : nil, name: name)
        self.content.withLock { content in
            let path = type.path(key)
            var object =
                content.objects[path] ?? [
                    "apiVersion": .string(type.apiVersion), "kind": .string(type.kind),
                    "metadata": ["name": .string(name), "uid": .string("uid-\(type.plural)-\(name)")],
                ]
            object["metadata"]?["namespace"] = key.namespace.map { .string($0) }
            change(&object)
            content.objects[path] = Self.stamped(object, &content)
        }
    }

    /// Has discovery say that a type is served; everything can be written either way.
    func serve(_ type: ResourceType) {
        self.content.withLock { content in
            content.objects["/apis/\(type.apiVersion)"] = ["resources": [["name": .string(type.plural)]]]
        }
    }

    /// Takes an object away.
    func remove(_ type: ResourceType, _ name: String) {
        let path = type.path(ObjectKey(namespace: "todo-app", name: name))
        self.content.withLock { content in
            content.version += 1
            content.objects[path] = nil
        }
    }

    /// What somebody else does just before a write, such as `PATCH services/taskflow-backend`, comes to take effect; once.
    func before(_ write: String, _ interference: @escaping @Sendable () -> Void) {
        self.interferences.withLock { $0[write] = interference }
    }

    /// Lets the operator see everything as it is now.
    func show(_ world: World) throws {
        let (objects, version) = self.content.withLock { content in
            (Array(content.objects.values), ResourceVersion("\(content.version)"))
        }
        try world.show(objects, version: version)
    }

    // MARK: Answers

    private func answer(_ request: HTTPRequest) -> RecordedTransport.Answer {
        let steps = request.path.split(separator: "/")
        let name = request.json["metadata"]?["name"]?.string
        let tail = request.method == "POST" ? "\(steps.last ?? "")/\(name ?? "")" : Self.tail(steps)
        let title = "\(request.method) \(tail)"
        self.interferences.withLock { $0.removeValue(forKey: title) }?()
        return self.content.withLock { content in
            if request.method != "GET" { content.writes.append(title) }
            switch request.method {
            case "GET":
                return content.objects[request.path].map { .json($0) } ?? Self.notFound
            case "POST":
                return Self.create(request, &content)
            case "PATCH":
                return Self.patch(request, &content)
            case "DELETE":
                guard let live = content.objects[request.path] else { return Self.notFound }
                guard live["metadata"]?["uid"] == request.json["preconditions"]?["uid"] else { return Self.conflict }
                content.objects[request.path] = nil
                content.version += 1
                return .json(live)
            default:
                return .refusal(405, reason: "MethodNotAllowed")
            }
        }
    }

    private static let notFound = RecordedTransport.Answer.refusal(404, reason: "NotFound", message: "not found")
    private static let unfit = RecordedTransport.Answer.refusal(422, reason: "Invalid", message: "the test failed")
    private static let conflict = RecordedTransport.Answer.refusal(409, reason: "Conflict", message: "conflict")

    /// `deployments/web` or `todoapps/web/status`.
    private static func tail(_ steps: [Substring]) -> String {
        steps.suffix(steps.last == "status" ? 3 : 2).joined(separator: "/")
    }

    private static func create(_ request: HTTPRequest, _ content: inout Content) -> RecordedTransport.Answer {
        var object = request.json
        let path = "\(request.path)/\(object["metadata"]?["name"]?.string ?? "")"
        guard content.objects[path] == nil else { return .refusal(409, reason: "AlreadyExists", message: "exists") }
        object["metadata"]?["uid"] = .string("uid-\(content.version)-\(path)")
        object["metadata"]?["managedFields"] = [["manager": "todoapp-operator", "operation": "Update"]]
        if object["kind"]?.string == "Deployment" { object["metadata"]?["generation"] = 1 }
        if object["spec"]?["type"] == "NodePort", var port = object["spec"]?["ports"]?[0] {
            let taken = content.objects.values.compactMap { $0["spec"]?["ports"]?[0]?["nodePort"]?.integer }
            if let wanted = port["nodePort"]?.integer, taken.contains(wanted) {
                return .refusal(422, reason: "Invalid", message: "\(wanted): provided port is already allocated")
            }
            if port["nodePort"] == nil {
                content.nodePort += 1
                port["nodePort"] = JSONValue(content.nodePort)
            }
            object["spec"]?["ports"] = [port]
        }
        let stored = Self.stamped(object, &content)
        content.objects[path] = stored
        return .json(stored, status: 201)
    }

    private static func patch(_ request: HTTPRequest, _ content: inout Content) -> RecordedTransport.Answer {
        let isStatus = request.path.hasSuffix("/status")
        let path = isStatus ? String(request.path.dropLast("/status".count)) : request.path
        guard var object = content.objects[path] else { return Self.notFound }
        let spec = object["spec"]
        if request.header("Content-Type") == "application/json-patch+json" {
            // The one such patch there is turns the entry of an update into that of an apply.
            let uid = request.json.array?.first { $0["op"] == "test" && $0["path"] == "/metadata/uid" }?["value"]
            guard uid == object["metadata"]?["uid"] else { return Self.unfit }
            object["metadata"]?["managedFields"] = [["manager": "todoapp-operator", "operation": "Apply"]]
        } else {
            if let uid = request.json["metadata"]?["uid"], uid != object["metadata"]?["uid"] { return Self.conflict }
            object = object.merging(isStatus ? ["status": request.json["status"] ?? [:]] : request.json)
        }
        // By this the status tells whether it speaks of the present spec.
        if object["kind"]?.string == "Deployment", object["spec"] != spec {
            let generation = object["metadata"]?["generation"]?.integer ?? 0
            object["metadata"]?["generation"] = .integer(generation + 1)
        }
        let stored = Self.stamped(object, &content)
        content.objects[path] = stored
        return .json(stored)
    }

    private static func stamped(_ object: JSONValue, _ content: inout Content) -> JSONValue {
        content.version += 1
        var stamped = object
        stamped["metadata"]?["resourceVersion"] = .string("\(content.version)")
        return stamped
    }
}
