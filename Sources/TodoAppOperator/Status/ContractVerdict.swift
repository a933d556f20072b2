internal import KubernetesAPI
internal import TodoAppAPI

/// Whether what runs meets its contract, as far as that can be seen from outside.
struct ContractVerdict {
    /// What is known of one requirement.
    private enum Finding {
        /// It is broken, and how.
        case broken(reason: String, String)
        /// It cannot be told, and why.
        case unknown(String)
    }

    let status: Condition.Truth
    let reason: String
    let message: String

    /// - Parameters:
    ///   - components: What is wanted.
    ///   - states: What is.
    init(of components: [EffectiveComponent], _ states: [ComponentStatus]) {
        var findings: [Finding] = []
        // Requirement by requirement, so that the same one is told first whichever component breaks it.
        findings += components.compactMap { Self.userFinding($0) }
        findings += components.compactMap { Self.tagFinding($0) }
        let pairs = components.compactMap { component in
            states.first { $0.name == component.name }.map { (component, $0) }
        }
        findings += pairs.compactMap { Self.sizeFinding($0.0, $0.1) }
        findings += pairs.compactMap { Self.startupFinding($0.0, $0.1) }

        var (reasons, breaches, gaps): ([String], [String], [String]) = ([], [], [])
        for finding in findings {
            switch finding {
            case .broken(let reason, let message):
                reasons.append(reason)
                breaches.append(message)
            case .unknown(let message): gaps.append(message)
            }
        }
        if let reason = reasons.first {
            (self.status, self.reason, self.message) = (.false, reason, breaches.joined(separator: "; "))
        } else if !gaps.isEmpty {
            (self.status, self.reason, self.message) = (
                .unknown, StatusReason.unknown.rawValue, gaps.joined(separator: "; ")
            )
        } else {
            (self.status, self.reason) = (.true, StatusReason.met.rawValue)
            self.message = "user, tag, image size and start-up time are as the contract says"
        }
    }

    private static func userFinding(_ component: EffectiveComponent) -> Finding? {
        guard component.user == .image else { return nil }
        let name = component.name.rawValue
        return .broken(
            reason: StatusReason.runsAsRoot.rawValue,
            "\(name): the contract names no user, so the container runs as the image says"
        )
    }

    private static func tagFinding(_ component: EffectiveComponent) -> Finding? {
        guard ImageReference(component.image)?.isMutable ?? true else { return nil }
        let name = component.name.rawValue
        return .broken(
            reason: StatusReason.mutableTag.rawValue,
            "\(name): the tag of \(component.image) may mean another image tomorrow"
        )
    }

    private static func sizeFinding(_ component: EffectiveComponent, _ state: ComponentStatus) -> Finding? {
        guard let limit = component.contract.imageSizeLimit.value else { return nil }
        let name = component.name.rawValue
        switch state.imageSize {
        case .unknown(let why):
            return .unknown("\(name): image size is not known: \(why)")
        case .bytes(let bytes) where bytes > Int64(limit.megabytes) * 1_000_000:
            let size = "\(name): the image has \(bytes / 1_000_000) MB"
            // What its base takes of that nobody can see from here.
            return limit.excludesBase
                ? .unknown("\(size); the contract allows \(limit.megabytes) MB beyond its base")
                : .broken(
                    reason: StatusReason.imageTooLarge.rawValue,
                    "\(size); the contract allows \(limit.megabytes) MB"
                )
        case .bytes:
            return nil
        }
    }

    private static func startupFinding(_ component: EffectiveComponent, _ state: ComponentStatus) -> Finding? {
        guard let allowed = component.contract.startupAllowedSeconds.value, state.desired > 0 else { return nil }
        let name = component.name.rawValue
        guard let seconds = state.startupSeconds else {
            return .unknown(
                "\(name): start-up time is not known: no pod of this revision became ready at its first start"
            )
        }
        guard seconds > Int64(allowed) else { return nil }
        return .broken(
            reason: StatusReason.startupTooSlow.rawValue,
            "\(name): \(seconds) s from scheduled to ready; the contract allows \(allowed) s"
        )
    }
}
