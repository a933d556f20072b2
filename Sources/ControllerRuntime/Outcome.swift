/// What came of a reconcile.
public enum Outcome: Sendable, Equatable {
    /// All is as it should be; the key is looked at again when something changes.
    case done
    /// All is as it should be for now; look again after this time at the latest.
    case requeue(after: Duration)
    /// It failed for a reason that may pass; try again after the key's back-off. Why, in one line.
    case retry(String)
    /// It failed for a reason that only a change can mend; trying again would not help. Why, in one line.
    case terminal(String)
}
