internal import JSON
internal import KubernetesAPI
internal import TodoAppAPI

extension ChildHead {
    /// The app's own Secret.
    func secret(_ content: [String: [UInt8]], inputs: RenderInputs) -> Child {
        var annotations: [String: String] = [:]
        // The mark says that all is well. On a Secret that lacks something it would have a restarted operator believe so.
        annotations[ChildAnnotation.secretSources] = inputs.withheld.isEmpty ? inputs.secretSources : nil
        annotations[ChildAnnotation.secretRevision] = inputs.secretRevision?.description
        annotations[ChildAnnotation.rotatedSigningKey] = inputs.rotatedSigningKey
        let isRetained = self.app.spec.secrets.deletionPolicy == .retain
        annotations[ChildAnnotation.deletionPolicy] = isRetained ? SecretsSpec.DeletionPolicy.retain.rawValue : nil
        return self.child(
            .secrets,
            name: self.app.ownSecretName,
            annotations: annotations,
            outlivesOwner: isRetained,
            body: ["type": "Opaque", "data": content.mapValues(Base64.encode).jsonUnlessEmpty]
        )
    }
}
