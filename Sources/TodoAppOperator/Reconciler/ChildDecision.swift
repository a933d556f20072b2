internal import JSON
internal import KubernetesAPI

/// What is to be done about a child: a pure function of what is wanted and what is there.
enum ChildDecision: Equatable {
    /// There is none, as far as the store knows.
    case create
    /// It holds what is wanted.
    case keep
    /// It is the operator's own and holds something else, first at this field.
    case update(uid: String, field: JSONPath)
    /// It belongs to somebody else; who, in a few words.
    case refuse(owner: String)

    /// Decides for a child.
    ///
    /// - Parameters:
    ///   - live: The object of that name; `nil` if there is none.
    ///   - ownerUID: The TodoApp's UID.
    init(_ child: Child, live: DynamicObject?, ownerUID: String) {
        guard let live else {
            self = .create
            return
        }
        if let stranger = stranger(owning: live.metadata, ownerUID: ownerUID) {
            self = .refuse(owner: stranger)
        } else if let field = firstDifference(of: live.value, from: child.manifest) {
            self = .update(uid: live.metadata.uid, field: field)
        } else {
            self = .keep
        }
    }
}

/// Whom an object belongs to; `nil` if it is the TodoApp's own, or may be taken over.
private func stranger(owning metadata: ObjectMeta, ownerUID: String) -> String? {
    if let controller = metadata.controller {
        return controller.uid == ownerUID ? nil : "\(controller.kind) \(controller.name)"
    }
    // An own child from which somebody stripped the owner reference is no stranger.
    if metadata.annotations[ChildAnnotation.ownerUID] == ownerUID { return nil }
    if metadata.annotations[ChildAnnotation.adopt] == "true" { return nil }
    return "somebody else"
}

/// Where a live object first lacks something that is wanted.
///
/// A version label is changed beside most things: what is behind the metadata says more, and is named first. The type is no
/// matter of comparison: it is the store's, and the items of a list do not even name it.
private func firstDifference(of live: JSONValue, from manifest: JSONValue) -> JSONPath? {
    var body = manifest
    for head in ["apiVersion", "kind", "metadata"] {
        body[head] = nil
    }
    return live.firstDifference(from: body, equivalent: areEquivalent)
        ?? live.firstDifference(from: ["metadata": manifest["metadata"] ?? .null], equivalent: areEquivalent)
}

/// The API server writes quantities in its own way: `1000m` comes back as `1`.
func areEquivalent(path: JSONPath, live: JSONValue, wanted: JSONValue) -> Bool {
    guard path.steps.contains(.member("requests")) || path.steps.contains(.member("limits")) else { return false }
    guard let left = live.string.flatMap(Quantity.init), let right = wanted.string.flatMap(Quantity.init) else {
        return false
    }
    return left == right
}
