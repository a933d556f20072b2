internal import JSON
internal import KubernetesAPI
internal import TodoAppOperator

extension TreeNode {
    /// A component with its revisions, the newest first.
    init(component name: String, of snapshot: AppSnapshot) {
        let status = snapshot.app.status?["components"]?[name]
        let told = failures(of: snapshot.app, name)
        let revisions = snapshot.revisions
            .filter { $0.component == name && $0.isAlive(among: snapshot.pods) }
            .sorted { $0.number > $1.number }
        // The highest number is the Deployment's present template, also while the status still tells of the one before.
        let current = revisions.first
        let oldPods = current.map { current in
            snapshot.pods.filter { $0.metadata.controller?.uid != current.metadata.uid }.map(\.metadata.name)
        }

        let (mark, word) = Self.verdict(
            of: status,
            told.first { oldPods?.contains($0.pod) != true },
            isAlone: revisions.count <= 1
        )
        self.init(.component, mark, name: name, status: word)
        self.ready = status?["readyText"]?.string ?? ""
        self.info = [status?["image"]?.string, status?["url"]?.string]
            .compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: "  ")
        self.children = revisions.map { revision in
            let age: RevisionAge = revision == current ? (revisions.count > 1 ? .new : .only) : .old
            return TreeNode(revision: revision, age, of: snapshot, told: told)
        }
        let shown = Set(self.children.flatMap(\.children).map(\.name))
        self.notes = told.filter { !shown.contains($0.pod) }.flatMap { failure in
            failure.pod.isEmpty
                ? failure.notes
                : failure.notes.map { Note($0.kind, $0.kind == .cause ? "\(failure.pod): \($0.text)" : $0.text) }
        }
    }

    /// - Parameters:
    ///   - failure: The most telling failure of the current revision.
    ///   - isAlone: Whether there are no pods of any other revision.
    private static func verdict(of status: JSONValue?, _ failure: ToldFailure?, isAlone: Bool) -> (Mark, String) {
        guard let status else { return (.progress, "Pending") }
        func count(_ field: String) -> Int64 { status[field]?.integer ?? 0 }
        let desired = count("desired")
        if let failure { return (.bad, failure.reason) }
        if desired == 0, count("ready") == 0 { return (.off, "ScaledToZero") }
        let isUpdated = count("updated") == desired && isAlone
        return isUpdated && count("ready") == desired
            ? (.good, "Ready") : (.progress, isUpdated ? "NotReady" : "RollingOut")
    }
}

// MARK: - A revision

/// A revision's place among those of its component that have pods.
private enum RevisionAge: String {
    case only = "current"
    case new
    case old
}

extension Revision {
    /// Whether it has pods or is to have some.
    var isAlive: Bool { self.desired > 0 || self.replicas > 0 }

    func isAlive(among pods: [Pod]) -> Bool {
        self.isAlive || pods.contains { $0.metadata.controller?.uid == self.metadata.uid }
    }
}

extension TreeNode {
    fileprivate init(revision: Revision, _ age: RevisionAge, of snapshot: AppSnapshot, told: [ToldFailure]) {
        let pods = snapshot.pods
            .filter { $0.metadata.controller?.uid == revision.metadata.uid }
            .sorted { $0.metadata.name < $1.metadata.name }
            .map { pod in TreeNode(pod: pod, told: told.filter { $0.pod == pod.metadata.name }) }
        let mark: Mark =
            if pods.contains(where: { $0.mark == .bad }) {
                .bad
            } else if age == .old, revision.desired == 0 {
                .off
            } else if revision.desired > 0, revision.ready >= revision.desired {
                .good
            } else {
                revision.desired == 0 ? .off : .progress
            }
        self.init(.revision, mark, name: "revision \(revision.number) (\(revision.hash))", status: age.rawValue)
        self.ready = "\(revision.ready)/\(revision.desired)"
        self.created = revision.metadata.creationTimestamp ?? ""
        // The component's line has the image that is wanted; only where another one still runs is there something to add.
        self.info = age == .old ? revision.image : ""
        self.children = pods
    }
}
