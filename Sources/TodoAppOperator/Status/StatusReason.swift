/// The reasons of conditions and the warning events that are neither a ``FailureClass`` nor a ``SyncReason``.
///
/// Each has a section in `docs/troubleshooting.md`.
public enum StatusReason: String, Sendable, Hashable, CaseIterable {
    // MARK: Ready

    /// Every pod is of the current revision, and ready.
    case allComponentsReady = "AllComponentsReady"
    /// Nothing can be said yet.
    case pending = "Pending"
    /// New pods take the place of others, or are the first ones.
    case rolloutInProgress = "RolloutInProgress"
    /// Pods are missing outside a rollout.
    case componentsNotReady = "ComponentsNotReady"
    /// Children could not be written.
    case syncFailed = "SyncFailed"
    /// No pods are wanted.
    case suspended = "Suspended"
    /// The TodoApp is on its way out.
    case deleting = "Deleting"

    // MARK: Available

    /// Every component serves.
    case minimumReplicasAvailable = "MinimumReplicasAvailable"
    /// No component serves.
    case minimumReplicasUnavailable = "MinimumReplicasUnavailable"
    /// The backend alone does not.
    case backendUnavailable = "BackendUnavailable"
    /// The frontend alone does not.
    case frontendUnavailable = "FrontendUnavailable"

    // MARK: Degraded, Reconciling

    /// Nothing fails.
    case asExpected = "AsExpected"
    /// Something is being done.
    case progressing = "Progressing"
    /// Something failed, and is tried again.
    case retryingAfterError = "RetryingAfterError"

    // MARK: ContractMet

    /// What runs is as the contract says.
    case met = "Met"
    /// A pod took too long until it was ready.
    case startupTooSlow = "StartupTooSlow"
    /// An image is too large.
    case imageTooLarge = "ImageTooLarge"
    /// A container runs as root, or may.
    case runsAsRoot = "RunsAsRoot"
    /// An image's tag may mean another image tomorrow.
    case mutableTag = "MutableTag"
    /// Nobody can tell.
    case unknown = "Unknown"

    // MARK: Warning events

    /// The node port that is wanted belongs to somebody else.
    case nodePortTaken = "NodePortTaken"
    /// A spec has failed, and the one before it is put back.
    case rollbackStarted = "RollbackStarted"
}
