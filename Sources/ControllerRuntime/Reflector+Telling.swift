internal import KubernetesAPI
internal import KubernetesClient
internal import Locks
internal import Logging

/// What a reflector tells of itself: figures, and lines of the log.
extension Reflector {
    private var who: String {
        self.selection.type.resourceName + (self.part.map { " in \($0)" } ?? "")
    }

    func heard(events: Int = 1) {
        let now = self.time.now()
        self.figures.withLock { figures in
            figures.lastHeard = now
            figures.events += events
        }
        self.recovered()
    }

    func recovered() {
        self.options.outages.succeeded(self.who)
        self.refusals.succeeded(self.who)
    }

    /// Nobody waits for the result any more.
    func isOver(_ error: KubernetesClientError) -> Bool {
        error.isCancelled || Task.isCancelled
    }

    func report(_ error: KubernetesClientError) {
        if self.isOver(error) { return }
        self.figures.withLock { $0.failures += 1 }
        guard let status = error.status else {
            return self.options.outages.failed(self.who, cause: error.causeInShort, why: "\(error)")
        }
        if status.isForbidden || status.isNotFound {
            self.store.deny(in: self.part)
        }
        if status.isNotFound { self.onUnserved() }
        if error.isOutage {
            return self.options.outages.failed(self.who, cause: error.causeInShort, why: "\(error)")
        }
        // An answer is an answer.
        self.options.outages.succeeded(self.who)
        if status.isExpired {
            self.logger.debug("the version is too old, reading everything anew")
        } else {
            self.figures.withLock { $0.refusal = "\(error)" }
            self.refusals.failed(self.who, cause: error.causeInShort, why: "\(error)")
        }
    }

    func reported(_ status: KubernetesStatus) -> KubernetesClientError {
        let error = KubernetesClientError(operation: self.operation, cause: .refused(status))
        self.report(error)
        return error
    }

    func broken() -> KubernetesClientError {
        let error = KubernetesClientError(
            operation: self.operation,
            cause: .unreadableAnswer("the watch ended before its initial events did")
        )
        self.report(error)
        return error
    }

    private var operation: KubernetesClientError.Operation {
        KubernetesClientError.Operation(
            verb: "watch",
            resource: self.selection.type.resourceName,
            subject: self.selection.namespace.map { "in namespace \($0)" } ?? ""
        )
    }
}

extension KubernetesClientError {
    /// What went wrong, whoever it befell: without hosts, names and paths.
    var causeInShort: String {
        switch self.cause {
        case .transport(let error): String("\(error)".prefix { $0 != ":" })
        case .refused(let status): "\(status.code)"
        case .unreadableAnswer: "unreadable answer"
        case .credential: "credential"
        }
    }
}
