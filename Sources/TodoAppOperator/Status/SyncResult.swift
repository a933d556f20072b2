/// Why the children do not hold what is wanted; the reasons of the condition `ResourcesSynced`.
public enum SyncReason: String, Sendable, Hashable, CaseIterable {
    /// They do.
    case applied = "Applied"
    /// The spec breaks a rule.
    case invalidSpec = "InvalidSpec"
    /// An object of a child's name belongs to somebody else.
    case ownershipConflict = "OwnershipConflict"
    /// A Secret that the spec names is not there.
    case referencedSecretNotFound = "ReferencedSecretNotFound"
    /// A Secret that the spec names lacks a key.
    case referencedKeyNotFound = "ReferencedKeyNotFound"
    /// A value of a Secret breaks the contract.
    case invalidSecretValue = "InvalidSecretValue"
    /// The operator may not do what it must.
    case forbidden = "Forbidden"
    /// A quota stands in the way.
    case quotaExceeded = "QuotaExceeded"
    /// An admission rule of the cluster's refuses a child.
    case admissionDenied = "AdmissionDenied"
    /// The API server refuses a child, or cannot be reached.
    case applyFailed = "ApplyFailed"
    /// The namespace is going away.
    case namespaceTerminating = "NamespaceTerminating"
    /// The spec asks for an API that the cluster does not serve.
    case optionalAPIMissing = "OptionalAPIMissing"
    /// Somebody else keeps writing the same fields.
    case driftFight = "DriftFight"
    /// The embedded database does not answer.
    case databaseNotReady = "DatabaseNotReady"
    /// The spec has failed, and the one before it runs again.
    case rolledBack = "RolledBack"
    /// The user has asked to write nothing.
    case paused = "Paused"

    /// Whether children are not as they should be; else they are, and what they run does not work.
    var isOfWriting: Bool {
        self != .databaseNotReady
    }

    /// Whether it stays as it is until somebody changes something.
    var isStalled: Bool {
        switch self {
        case .invalidSpec, .ownershipConflict, .forbidden, .rolledBack: true
        default: false
        }
    }
}

/// What stands in the way of one child, or of all.
public struct SyncProblem: Error, Sendable, Equatable {
    /// The reason.
    public var reason: SyncReason
    /// A sentence that names the object, the field or the key; never a secret value.
    public var message: String
    /// Whether trying again may help without anybody doing anything.
    public var isPassing: Bool

    /// A problem by its parts.
    public init(_ reason: SyncReason, _ message: String, isPassing: Bool = false) {
        self.reason = reason
        self.message = message
        self.isPassing = isPassing
    }
}

/// What came of making the children what they should be.
public struct SyncResult: Sendable, Equatable {
    /// What stood in the way, the most telling first; empty if nothing did.
    public var problems: [SyncProblem] = []
    /// How many changes wait because the user has asked to write nothing.
    public var pendingChanges = 0
    /// The latest restart that a pod template now names, as its user wrote it; `nil` where none was asked for, or not all
    /// templates are what they should be yet.
    public var handledRestart: String?

    /// When something is to be done that no watch tells of; `nil` for never.
    public var lookAgain: Duration?

    /// A result by its parts.
    public init(
        problems: [SyncProblem] = [],
        pendingChanges: Int = 0,
        handledRestart: String? = nil,
        lookAgain: Duration? = nil
    ) {
        self.problems = problems
        self.pendingChanges = pendingChanges
        self.handledRestart = handledRestart
        self.lookAgain = lookAgain
    }
}
