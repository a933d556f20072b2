import JSON

/// What tools on kstatus (Flux, Helm 4's `--wait`, kpt) conclude from an object of a type that they do not know: its
/// published rules for custom resources.
enum Kstatus: String {
    case current = "Current"
    case inProgress = "InProgress"
    case failed = "Failed"
    case terminating = "Terminating"
    case notFound = "NotFound"

    /// The verdict on an object; `nil` for one that is not there.
    init(_ object: JSONValue?) {
        guard let object else {
            self = .notFound
            return
        }
        let status = object["status"]
        let conditions = status?["conditions"]?.array ?? []
        if object["metadata"]?["deletionTimestamp"] != nil {
            self = .terminating
        } else if let observed = status?["observedGeneration"]?.integer,
            observed != object["metadata"]?["generation"]?.integer
        {
            // An object without the field passes this rule: that is why the schema has a default for it.
            self = .inProgress
        } else if let first = conditions.first(where: { $0.isTrue && ["Reconciling", "Stalled"].contains($0["type"]) })
        {
            // Whichever of the two stands first decides.
            self = first["type"] == "Stalled" ? .failed : .inProgress
        } else if let ready = conditions.first(where: { $0["type"] == "Ready" }) {
            self = ready.isTrue ? .current : .inProgress
        } else {
            // Nothing said is taken for nothing wrong.
            self = .current
        }
    }

    /// What a wait that stands on the verdict does: Flux's health check, `helm --wait`.
    var wait: Wait {
        switch self {
        case .current: .succeeds
        case .failed: .fails
        case .inProgress, .terminating, .notFound: .goesOn
        }
    }

    enum Wait {
        case succeeds
        case fails
        case goesOn
    }
}

extension JSONValue {
    fileprivate var isTrue: Bool { self["status"] == "True" }
}

/// Whether `kubectl wait --for=condition=Ready` returns at this state: a condition that speaks of an older generation does
/// not count.
func isKubectlWaitMet(_ object: JSONValue) -> Bool {
    (object["status"]?["conditions"]?.array ?? []).contains { condition in
        condition["type"] == "Ready" && condition["status"] == "True"
            && (condition["observedGeneration"]?.integer ?? 0) >= (object["metadata"]?["generation"]?.integer ?? 0)
    }
}
