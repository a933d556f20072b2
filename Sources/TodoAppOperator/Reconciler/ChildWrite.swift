internal import ControllerRuntime
internal import JSON
internal import KubernetesAPI

/// A child was written.
struct ChildWrite: Sendable {
    enum Change: Sendable {
        case created
        /// It held something else, first at this field.
        case updated(JSONPath)
        /// Somebody else had changed it, first at this field; the name is known where the API server's books tell it.
        case corrected(JSONPath, rival: String?)
        /// It was somebody else's, who let it be taken over.
        case adopted
    }

    var child: Child
    var change: Change
    /// The object as the API server stored it.
    var stored: ObjectAnswer

    /// `Deployment taskflow-backend`.
    private var title: String { "\(self.child.resource.kind) \(self.child.name)" }

    /// What the user hears of the writes of a pass.
    ///
    /// What was created is told in one event, and so is what was changed: an object has no more than 25 events at once, and
    /// a few apps applied anew would use them up.
    static func events(of writes: [ChildWrite]) -> [AppEvent] {
        var created: [String] = []
        var updated: [String] = []
        var others: [AppEvent] = []
        for write in writes {
            switch write.change {
            case .created: created.append(write.title)
            // The field alone: what stood in it may be a secret.
            case .updated(let field): updated.append("\(write.title) (\(field))")
            case .corrected(let field, let rival):
                let note = "put back \(field) of \(write.title), \(changedBy(rival))"
                others.append(AppEvent(.normal, "DriftCorrected", .sync, note))
            case .adopted: others.append(AppEvent(.normal, "ResourceAdopted", .sync, "took over \(write.title)"))
            }
        }
        var events: [AppEvent] = []
        if !created.isEmpty { events.append(AppEvent(.normal, "ResourceCreated", .sync, "created \(list(created))")) }
        if !updated.isEmpty { events.append(AppEvent(.normal, "ResourceUpdated", .sync, "updated \(list(updated))")) }
        return events + others
    }
}

/// The names one after the other; an event's note ends at 1024 characters, which no list of children comes near.
private func list(_ names: [String]) -> String {
    names.joined(separator: ", ")
}

private func changedBy(_ rival: String?) -> String {
    rival.map { "which \($0) had changed" } ?? "which somebody else had changed"
}
