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
    public internal(set) var manifest: JSONValue
    /// Whom it belongs to.
    public let role: Role

    /// The component whose child it is; `nil` for the app as a whole.
    var component: ComponentName? {
        guard case .component(let name) = self.role else { return nil }
        return name
    }
}

/// The names of the annotations that the operator writes or reads.
public enum ChildAnnotation {
    /// On a pod template: the revision of the Secret's content.
    public static let secretRevision = "todo.taskflow.dev/secret-revision"
    /// On a pod template: the revision of the ConfigMap's content, as far as the component reads it.
    public static let configRevision = "todo.taskflow.dev/config-revision"
    /// On a TodoApp, by its user: when a restart was asked for (RFC 3339); a later time than before replaces all pods once.
    public static let restartRequestedAt = "todo.taskflow.dev/restart-requested-at"
    /// The same for the pods of one component.
    public static func restartRequestedAt(_ component: ComponentName) -> String {
        "todo.taskflow.dev/restart-\(component.rawValue)-requested-at"
    }
    /// On a pod template: the restart that was asked for last.
    public static let restartedAt = "todo.taskflow.dev/restarted-at"
    /// On a Service: the node port that was wanted and belongs to somebody else.
    public static let nodePortTaken = "todo.taskflow.dev/node-port-taken"
    /// On the app's own Secret: what it was put together from, and in which versions.
    public static let secretSources = "todo.taskflow.dev/secret-sources"
    /// On every child: the UID of its TodoApp, by which it is known again when its owner reference was taken away.
    public static let ownerUID = "todo.taskflow.dev/owner-uid"
    /// On the last good revision: the generation that failed after it.
    public static let failedGeneration = "todo.taskflow.dev/failed-generation"
    /// On the last good revision: whether the pods are back at it.
    public static let isRolledBack = "todo.taskflow.dev/rolled-back"
    /// On the Deployment of a suspended app: how many pods an autoscaler had given it.
    public static let formerReplicas = "todo.taskflow.dev/replicas-before-suspension"
    /// On the TodoApp, by its user: with any new value the signing key that the operator made is made anew.
    public static let rotateSigningKey = "todo.taskflow.dev/rotate-signing-key"
    /// On the app's own Secret: the last value of ``rotateSigningKey`` that was acted upon.
    public static let rotatedSigningKey = "todo.taskflow.dev/rotated-signing-key"
    /// On the app's own Secret: that it stays when its TodoApp goes.
    public static let deletionPolicy = "todo.taskflow.dev/deletion-policy"
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
        outlivesOwner: Bool = false,
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
                // The garbage collector deletes what has an owner; the mark of the owner's UID says whose this is.
                "ownerReferences": outlivesOwner ? .none : self.ownerReferences,
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
