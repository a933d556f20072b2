public import HTTPTransport
public import KubernetesAPI

/// Why an operation on the Kubernetes API failed: the operation, and the cause.
public struct KubernetesClientError: Error, Sendable, Equatable {
    /// What was tried.
    public var operation: Operation
    /// What stood in the way.
    public var cause: Cause

    /// What a client does with the API, in RBAC's words.
    public struct Operation: Sendable, Equatable {
        /// `get`, `list`, `watch`, `create`, `patch`, `delete`.
        public var verb: String
        /// The type's name, for example `deployments.apps`, with a sub-resource behind a slash.
        public var resource: String
        /// The object or the namespace; empty for all.
        public var subject: String

        /// An operation by its parts.
        public init(verb: String, resource: String, subject: String) {
            self.verb = verb
            self.resource = resource
            self.subject = subject
        }
    }

    /// What stood in the way of an operation.
    public enum Cause: Error, Sendable, Equatable {
        /// The server was not reached, or its answer did not come whole.
        case transport(HTTPTransportError)
        /// The server refused; its `Status`, whole.
        case refused(KubernetesStatus)
        /// The server's answer is not what the API promises.
        case unreadableAnswer(String)
        /// There is no valid credential to send.
        case credential(String)
    }

    /// An error by its parts.
    public init(operation: Operation, cause: Cause) {
        self.operation = operation
        self.cause = cause
    }

    /// The server's `Status`, where it refused.
    public var status: KubernetesStatus? {
        guard case .refused(let status) = self.cause else { return nil }
        return status
    }

    /// Whether the task was cancelled, so that nobody waits for the result any more.
    public var isCancelled: Bool {
        self.cause == .transport(.cancelled) || self.cause == .transport(.closed)
    }

    /// Whether nothing came for longer than allowed.
    public var isTimeout: Bool {
        guard case .transport(.timedOut) = self.cause else { return false }
        return true
    }

    /// Whether the server is away or overloaded, so that the same may succeed later: no answer, 429, or 500 and above.
    public var isOutage: Bool {
        switch self.cause {
        case .transport: !self.isCancelled
        case .refused(let status): status.code == 429 || status.code >= 500
        case .unreadableAnswer, .credential: false
        }
    }

    /// Whether there was no server to send it to: refused, unreachable, not trusted.
    public var wasNeverSent: Bool {
        guard case .transport(let failure) = self.cause else { return false }
        return failure.wasNeverSent
    }
}

extension KubernetesClientError: CustomStringConvertible {
    /// One line for people: what failed, on what, and why.
    public var description: String {
        let subject = self.operation.subject.isEmpty ? "" : " \(self.operation.subject)"
        return "\(self.operation.verb) \(self.operation.resource)\(subject): \(self.cause)"
    }
}

extension KubernetesClientError.Cause: CustomStringConvertible {
    /// One line for people.
    public var description: String {
        switch self {
        case .transport(let error): "\(error)"
        case .refused(let status): "\(status)"
        case .unreadableAnswer(let why): "the answer cannot be read: \(why)"
        case .credential(let why): "no credential: \(why)"
        }
    }
}
