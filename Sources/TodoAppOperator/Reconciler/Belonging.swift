internal import JSON
internal import KubernetesAPI

/// An object as it is in the cluster.
struct LiveObject {
    let metadata: ObjectMeta
    let value: JSONValue
    /// Whether the API server's books on its fields name the operator; no store knows that, only whoever has just read it.
    let isInOwnBooks: Bool

    /// What a store has.
    init(_ stored: DynamicObject) {
        self.metadata = stored.metadata
        self.value = stored.value
        self.isInOwnBooks = false
    }

    /// What the API server has answered.
    ///
    /// - Throws: `ObjectReadError` where it has no name.
    init(answer: JSONValue) throws(ObjectReadError) {
        let object = try DynamicObject(json: answer)
        self.metadata = object.metadata
        self.value = object.value
        self.isInOwnBooks = Rival.isKnown(ChildWriter.fieldManager, in: answer)
    }
}

/// Whom an object belongs to.
enum Belonging: Equatable {
    /// The TodoApp in question.
    case own
    /// Somebody else, who lets it be taken over.
    case offered
    /// Somebody else; who, in a few words.
    case stranger(String)

    init(of live: LiveObject, owner: ObjectMeta) {
        let metadata = live.metadata
        if let controller = metadata.controller {
            self = controller.uid == owner.uid ? .own : .stranger("\(controller.kind) \(controller.name)")
            return
        }
        // An own child from which somebody stripped the owner reference is no stranger; nor is one that lost the mark as
        // well, and of which the API server still knows that the operator made it.
        if let mark = metadata.annotations[ChildAnnotation.ownerUID] {
            if mark == owner.uid {
                self = .own
                return
            }
        } else if live.isInOwnBooks {
            self = .own
            return
        }
        let isOffered = metadata.annotations[ChildAnnotation.adopt] == "true" || isHeirloom(metadata, of: owner)
        self = isOffered ? .offered : .stranger("somebody else")
    }
}

/// Whether an object was kept for a TodoApp of this name when a former one was deleted.
private func isHeirloom(_ metadata: ObjectMeta, of owner: ObjectMeta) -> Bool {
    metadata.annotations[ChildAnnotation.deletionPolicy] == "Retain"
        && metadata.annotations[ChildAnnotation.ownerUID] != nil
        && metadata.labels[ChildLabels.managedBy] == ChildLabels.manager
        && metadata.labels[ChildLabels.instance] == owner.name
}
