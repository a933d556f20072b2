public import TodoAppAPI

/// A TodoApp with every value decided, from which its children follow.
public struct EffectiveApp: Sendable, Equatable {
    /// The TodoApp's name.
    public let name: String
    /// Its namespace.
    public let namespace: String
    /// What the user wants.
    public let spec: TodoAppSpec
    /// The components that are deployed, the backend first.
    public let components: [EffectiveComponent]

    /// Decides every value; the spec must be valid.
    public init(name: String, namespace: String, spec: TodoAppSpec) {
        self.name = name
        self.namespace = namespace
        self.spec = spec
        self.components = spec.components.map { component in
            EffectiveComponent(component.name, spec: component.spec, of: spec, called: name)
        }
    }

    /// A component; `nil` where it is not deployed.
    public subscript(_ name: ComponentName) -> EffectiveComponent? {
        self.components.first { $0.name == name }
    }

    /// The component that people reach first.
    public var frontDoor: EffectiveComponent? {
        self[self.spec.frontDoor]
    }

    /// Whether the operator makes the Secret that the pods read.
    public var ownsSecret: Bool {
        switch self.spec.secrets.source {
        case .existing: false
        case .none, .from: !self.secretKeys.isEmpty
        }
    }

    /// The Secret that the pods read.
    public var secretName: String {
        switch self.spec.secrets.source {
        case .existing(let name): name
        case .none, .from: self.ownSecretName
        }
    }

    /// The name of the Secret that the operator makes, if it makes one.
    public var ownSecretName: String {
        "\(self.name)-secrets"
    }

    /// The ConfigMap that the pods read.
    public var configMapName: String {
        "\(self.name)-config"
    }

    /// The ServiceAccount of the pods.
    public var serviceAccountName: String {
        self.name
    }

    /// The keys of the Secret, in the contract's order.
    public var secretKeys: [EffectiveSecretKey] {
        self.components.flatMap(\.secretKeys)
    }

    /// The revision of the Secret's content, for the pod templates of the components that read it.
    ///
    /// - Parameters:
    ///   - content: The Secret's data; keys that no component reads do not count.
    ///   - secretUID: The Secret's uid, which stands in for a signing key where the contract has none.
    /// - Returns: The revision; `nil` where there is neither a signing key nor a uid to make it unguessable.
    public func secretRevision(of content: [String: [UInt8]], secretUID: String?) -> ContentRevision? {
        let keys = self.secretKeys.map(\.key)
        let used = content.filter { entry in keys.contains { $0.key == entry.key } }
        let signingKey = keys.first { $0.kind == .signingKey }.flatMap { content[$0.key] }
        guard let secret = signingKey ?? secretUID.map({ Array($0.utf8) }), !secret.isEmpty else { return nil }
        return ContentRevision(ofSecret: used, key: secret)
    }
}
