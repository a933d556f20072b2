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
    /// It is somebody else's, who lets it be taken over.
    case adopt(uid: String)
    /// It belongs to somebody else; who, in a few words.
    case refuse(owner: String)

    /// Decides for a child.
    ///
    /// - Parameters:
    ///   - live: The object of that name; `nil` if there is none. With its `managedFields` more can be told of it.
    ///   - owner: The TodoApp.
    init(_ child: Child, live: LiveObject?, owner: ObjectMeta) {
        guard let live else {
            self = .create
            return
        }
        switch Belonging(of: live, owner: owner) {
        case .stranger(let owner):
            self = .refuse(owner: owner)
            return
        case .offered:
            self = .adopt(uid: live.metadata.uid)
            return
        case .own: break
        }
        if let field = firstDifference(of: live.value, from: child.manifest) {
            self = .update(uid: live.metadata.uid, field: field)
        } else {
            self = .keep
        }
    }
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
