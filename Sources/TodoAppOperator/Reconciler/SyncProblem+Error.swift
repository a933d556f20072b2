internal import KubernetesAPI
internal import KubernetesClient

extension SyncProblem {
    /// What a child that could not be written means to the user.
    init(_ error: WriteError) {
        let object = "\(error.child.resource.kind) \(error.child.name)"
        switch error.cause {
        case .owned(let owner):
            self.init(
                .ownershipConflict,
                "\(object) belongs to \(owner) and is left as it is; delete it, or let it be taken over with the "
                    + "annotation \(ChildAnnotation.adopt)=true on it"
            )
        case .fought(let message):
            self.init(.driftFight, message)
        case .failed(let failure):
            self.init(failure, writing: object)
        }
    }

    private init(_ error: KubernetesClientError, writing object: String) {
        guard let status = error.status else {
            self.init(.applyFailed, "\(object): \(error.cause)", isPassing: true)
            return
        }
        let message = "\(object): \(status)"
        if status.isQuotaExceeded {
            self.init(.quotaExceeded, message)
        } else if status.isNamespaceTerminating {
            self.init(.namespaceTerminating, message)
        } else if status.isDeniedByWebhook {
            self.init(.admissionDenied, message)
        } else if status.isForbidden {
            self.init(.forbidden, message)
        } else if status.isInvalid || status.code == 400 {
            self.init(.applyFailed, message)
        } else {
            self.init(.applyFailed, message, isPassing: true)
        }
    }

    /// What a failed read of a Secret means to the user.
    init(_ error: KubernetesClientError, readingSecret name: String) {
        let isForbidden = error.status?.isForbidden == true
        self.init(
            isForbidden ? .forbidden : .applyFailed,
            "Secret \(name): \(error.cause)",
            isPassing: !isForbidden
        )
    }

    /// What is wrong with the app's Secret.
    init(_ problem: SecretProblem) {
        self.init(SyncReason(rawValue: problem.reason) ?? .referencedKeyNotFound, "\(problem)")
    }
}

extension KubernetesStatus {
    /// A webhook or another admission plugin of the cluster's has said no.
    fileprivate var isDeniedByWebhook: Bool {
        ["admission webhook", "denied the request", "denied request:"].contains(where: self.message.contains)
    }
}
