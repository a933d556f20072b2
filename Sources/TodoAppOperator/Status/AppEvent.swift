public import ControllerRuntime
internal import JSON
internal import KubernetesAPI

/// Something that happened to a TodoApp, told once.
public struct AppEvent: Sendable, Hashable {
    /// How it is meant.
    public var kind: EventNote.Kind
    /// The word for it.
    public var reason: String
    /// What the operator was doing.
    public var action: Action
    /// The sentence.
    public var note: String

    /// What the operator does when it has something to tell.
    public enum Action: String, Sendable, Hashable {
        /// Looking at a spec.
        case validate = "Validate"
        /// Making children what they should be.
        case sync = "Sync"
        /// Following what the pods do.
        case observe = "Observe"
    }

    /// An event by its parts.
    public init(_ kind: EventNote.Kind, _ reason: String, _ action: Action, _ note: String) {
        self.kind = kind
        self.reason = reason
        self.action = action
        self.note = note
    }
}

// MARK: - What happened between two statuses

extension AppEvent {
    /// What a new status tells that the former one did not: one event a transition, none for a status that says the same.
    static func transitions(from former: JSONValue?, to status: AppStatus) -> [AppEvent] {
        let before = FormerConditions(former)
        var events: [AppEvent] = []
        if let synced = status.conditions["ResourcesSynced"] {
            events += Self.syncTransition(from: before["ResourcesSynced"], to: synced)
        }
        // An app that is made with the annotation on it has no pods to replace.
        if let restart = status.json["lastHandledRestartAt"]?.string, before["Ready"] != nil,
            former?["lastHandledRestartAt"]?.string != restart
        {
            let note = "restart asked for at \(restart): the pods are replaced one after the other"
            events.append(AppEvent(.normal, "RestartRequested", .sync, note))
        }
        if let degraded = status.conditions["Degraded"], degraded.status == .true {
            let isNews = before["Degraded"].map { $0.status != .true || $0.reason != degraded.reason } ?? true
            if isNews {
                events.append(AppEvent(.warning, degraded.reason, .observe, degraded.message))
            }
        }
        if let ready = status.conditions["Ready"] {
            events += Self.readyTransition(from: before["Ready"], to: ready)
        }
        return events
    }

    private static func syncTransition(from before: Condition?, to synced: Condition) -> [AppEvent] {
        guard before?.reason != synced.reason else { return [] }
        switch SyncReason(rawValue: synced.reason) {
        case .applied, nil:
            return before?.reason == SyncReason.paused.rawValue
                ? [AppEvent(.normal, "Resumed", .sync, "reconciliation goes on")] : []
        case .paused:
            return [AppEvent(.normal, "Paused", .sync, "reconciliation is paused: nothing is written but the status")]
        case .invalidSpec:
            return [AppEvent(.warning, synced.reason, .validate, synced.message)]
        case .some:
            return [AppEvent(.warning, synced.reason, .sync, synced.message)]
        }
    }

    private static func readyTransition(from before: Condition?, to ready: Condition) -> [AppEvent] {
        guard before?.reason != ready.reason || before?.status != ready.status else { return [] }
        let former = before.flatMap { StatusReason(rawValue: $0.reason) }
        switch StatusReason(rawValue: ready.reason) {
        case .allComponentsReady:
            let wasRollout = before == nil || [.pending, .rolloutInProgress, .suspended].contains(former)
            return [AppEvent(.normal, wasRollout ? "RolloutCompleted" : "Recovered", .observe, ready.message)]
        case .suspended:
            return [AppEvent(.normal, ready.reason, .sync, ready.message)]
        case .pending, .rolloutInProgress:
            // A pod that fails and is started again goes through this too; the failure has been told already.
            let isBeginning = before == nil || [.allComponentsReady, .suspended].contains(former)
            return isBeginning ? [AppEvent(.normal, "RolloutStarted", .observe, ready.message)] : []
        default:
            return []
        }
    }
}
