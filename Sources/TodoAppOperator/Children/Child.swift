public import JSON
public import KubernetesAPI
public import TodoAppAPI

/// An object that the operator wants beside a TodoApp.
public struct Child: Sendable, Equatable {
    /// Whom an object belongs to.
    public enum Role: Sendable, Hashable {
        /// The app as a whole.
        case shared
        /// One of its components.
        case component(ComponentName)
    }

    /// What kind of object it is.
    public let resource: ResourceType
    /// Its name.
    public let name: String
    /// All that is wanted of it, and nothing else.
    public let manifest: JSONValue
    /// Whom it belongs to.
    public let role: Role
}

/// The names of the annotations that the operator writes.
public enum ChildAnnotation {
    /// On a pod template: the revision of the Secret's content.
    public static let secretRevision = "todo.taskflow.dev/secret-revision"
    /// On a pod template: the revision of the ConfigMap's content, as far as the component reads it.
    public static let configRevision = "todo.taskflow.dev/config-revision"
    /// On a pod template: when a restart was asked for.
    public static let restartedAt = "todo.taskflow.dev/restarted-at"
    /// On a Service: the node port that was wanted and belongs to somebody else.
    public static let nodePortTaken = "todo.taskflow.dev/node-port-taken"
    /// On the app's own Secret: what it was put together from, and in which versions.
    public static let secretSources = "todo.taskflow.dev/secret-sources"
    /// On every child: the UID of its TodoApp, by which it is known again when its owner reference was taken away.
    public static let ownerUID = "todo.taskflow.dev/owner-uid"
    /// On a foreign object, by its owner: with `true` the operator may take it over.
    public static let adopt = "todo.taskflow.dev/adopt"
    /// On every child: the shape of the fields that were applied; see ``appliedShape(of:)``.
    public static let appliedFields = "todo.taskflow.dev/applied-fields"
}

/// The head that all children of one app share.
struct ChildHead {
    let app: EffectiveApp
    /// The TodoApp's uid; `nil` offline, where there is no owner yet.
    let ownerUID: String?

    /// Builds a child of a head and a body, and seals it with the shape of its fields.
    func child(
        _ resource: ResourceType,
        name: String,
        component: EffectiveComponent? = nil,
        annotations: [String: String] = [:],
        body: KeyValuePairs<String, JSONValue?>
    ) -> Child {
        var manifest = json([
            "apiVersion": .string(resource.apiVersion),
            "kind": .string(resource.kind),
            "metadata": json([
                "name": .string(name),
                "namespace": .string(self.app.namespace),
                "labels": JSONValue(ChildLabels.labels(of: self.app, component: component)),
                "annotations": annotations.jsonUnlessEmpty,
                "ownerReferences": self.ownerReferences,
            ]),
        ])
        for (key, value) in body {
            manifest[key] = value
        }
        var sealed = annotations
        sealed[ChildAnnotation.ownerUID] = self.ownerUID
        sealed[ChildAnnotation.appliedFields] = appliedShape(of: manifest)
        manifest["metadata"]?["annotations"] = JSONValue(sealed)
        return Child(
            resource: resource,
            name: name,
            manifest: manifest,
            role: component.map { .component($0.name) } ?? .shared
        )
    }

    private var ownerReferences: JSONValue? {
        self.ownerUID.map { uid in
            let owner = OwnerReference(
                apiVersion: todoAppAPIVersion,
                kind: "TodoApp",
                name: self.app.name,
                uid: uid,
                isController: true
            )
            return [owner.json]
        }
    }
}

private let todoAppAPIVersion = "todo.taskflow.dev/v1alpha1"
