public import JSON
internal import KubernetesAPI

/// The last spec with which an app was Ready, and what became of the one after it.
///
/// It is kept in a ControllerRevision, whose content the API server lets nobody change. Everything that runs follows from the
/// spec: image, variables, probes and resources come back together. No value of a Secret is in it.
public struct GoodRevision: Sendable, Equatable {
    /// A generation that failed after this one.
    public struct Failed: Sendable, Equatable {
        /// Its number.
        public var generation: Int64
        /// Whether the pods are back at this revision.
        public var isReplaced: Bool
    }

    /// The TodoApp's spec.
    public var spec: JSONValue
    /// The generation of that spec.
    public var generation: Int64
    /// The generation that failed and is not tried again; `nil` if none did.
    public var failed: Failed?

    /// A spec that was good.
    public init(spec: JSONValue, generation: Int64, failed: Failed? = nil) {
        self.spec = spec
        self.generation = generation
        self.failed = failed
    }

    /// Reads what is kept; `nil` where it is nothing that the operator has written.
    init?(_ live: DynamicObject) {
        guard let spec = live.value["data"]?["spec"], let generation = live.value["revision"]?.integer else {
            return nil
        }
        let annotations = live.metadata.annotations
        let failed = annotations[ChildAnnotation.failedGeneration].flatMap { Int64($0) }
        self.init(
            spec: spec,
            generation: generation,
            failed: failed.map {
                Failed(generation: $0, isReplaced: annotations[ChildAnnotation.isRolledBack] == "true")
            }
        )
    }
}

extension ChildHead {
    /// What keeps the last good spec; a new one has a new name, since none can change.
    func goodRevision(_ good: GoodRevision) -> Child {
        var annotations: [String: String] = [:]
        if let failed = good.failed {
            annotations[ChildAnnotation.failedGeneration] = "\(failed.generation)"
            annotations[ChildAnnotation.isRolledBack] = "\(failed.isReplaced)"
        }
        return self.child(
            .controllerRevisions,
            name: "\(self.app.name)-good-\(digestPrefix(good.spec.text()))",
            annotations: annotations,
            body: ["data": ["spec": good.spec], "revision": .integer(good.generation)]
        )
    }
}
