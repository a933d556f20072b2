internal import KubernetesAPI
internal import KubernetesClient
internal import TodoAppAPI

/// A child could not be written.
struct WriteError: Error {
    enum Cause {
        /// It belongs to somebody else; who, in a few words.
        case owned(by: String)
        /// Somebody else keeps changing it, and it is left alone for a while; who and what, in a sentence.
        case fought(String)
        case failed(KubernetesClientError)
    }

    var child: Child
    var cause: Cause

    /// The component whose fixed node port belongs to another Service, if that is what went wrong.
    var componentWithTakenNodePort: ComponentName? {
        guard case .failed(let error) = self.cause, case .component(let name) = self.child.role else { return nil }
        guard self.child.resource == .services, let status = error.status, status.isInvalid else { return nil }
        return status.message.contains("provided port is already allocated") ? name : nil
    }

    init(child: Child, owner: String) {
        self.child = child
        self.cause = .owned(by: owner)
    }

    init(child: Child, fight: String) {
        self.child = child
        self.cause = .fought(fight)
    }

    init(child: Child, error: KubernetesClientError) {
        self.child = child
        self.cause = .failed(error)
    }
}
