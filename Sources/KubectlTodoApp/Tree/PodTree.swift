internal import KubernetesAPI

extension TreeNode {
    /// A pod: what it does in kubectl's words, and why in the operator's.
    init(pod: Pod, told: [ToldFailure]) {
        let word = podWord(pod)
        let mark: Mark =
            if pod.metadata.isBeingDeleted {
                .off
            } else if !told.isEmpty || pod.phase == "Failed" {
                .bad
            } else {
                pod.isReady ? .good : .progress
            }
        self.init(.pod, mark, name: pod.metadata.name, status: word)
        self.ready = "\(pod.containers.count(where: \.isReady))/\(max(1, pod.containers.count))"
        self.restarts = pod.containers.reduce(0) { $0 + $1.restartCount }
        self.created = pod.metadata.creationTimestamp ?? ""
        self.info = pod.nodeName.isEmpty ? "" : "on \(pod.nodeName)"
        self.notes = told.isEmpty ? Self.ownWords(of: pod) : told.flatMap(\.notes)
    }

    /// What the pod says itself, where the operator has not said anything about it.
    private static func ownWords(of pod: Pod) -> [Note] {
        guard !pod.metadata.isBeingDeleted else { return [] }
        let ofContainers = (pod.initContainers + pod.containers).compactMap { container -> Note? in
            guard case .waiting(let reason, let message) = container.state, !message.isEmpty else { return nil }
            return Note(.cause, "\(container.name): \(reason): \(singleLine(message))")
        }
        if !ofContainers.isEmpty { return ofContainers }
        let scheduled = pod.condition("PodScheduled")
        if let scheduled, !scheduled.isTrue, !scheduled.message.isEmpty {
            return [Note(.cause, "\(scheduled.reason): \(singleLine(scheduled.message))")]
        }
        return pod.message.isEmpty ? [] : [Note(.cause, "\(pod.reason): \(singleLine(pod.message))")]
    }
}

/// The word that `kubectl get pods` has for a pod.
private func podWord(_ pod: Pod) -> String {
    if pod.metadata.isBeingDeleted { return "Terminating" }
    if !pod.reason.isEmpty { return pod.reason }
    let initial = pod.initContainers.lazy.compactMap { status in stateWord(status).map { "Init:\($0)" } }.first
    let main = pod.containers.lazy.compactMap(stateWord).first
    if let word = initial ?? main { return word }
    if let scheduled = pod.condition("PodScheduled"), !scheduled.isTrue, !scheduled.reason.isEmpty {
        return scheduled.reason
    }
    return pod.phase.isEmpty ? "Pending" : pod.phase
}

/// Why a container does not run; `nil` where it does, or has done its work.
private func stateWord(_ status: ContainerStatus) -> String? {
    switch status.state {
    case .running: nil
    case .waiting(let reason, _): reason.isEmpty ? nil : reason
    case .terminated(let end):
        if end.exitCode == 0 {
            nil
        } else if !end.reason.isEmpty {
            end.reason
        } else {
            end.signal != 0 ? "Signal:\(end.signal)" : "ExitCode:\(end.exitCode)"
        }
    }
}

private func singleLine(_ text: String) -> String {
    text.split(whereSeparator: \.isNewline).joined(separator: " ")
}
