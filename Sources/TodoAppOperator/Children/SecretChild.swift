internal import JSON
internal import KubernetesAPI

extension ChildHead {
    /// The app's own Secret.
    func secret(_ content: [String: [UInt8]], inputs: RenderInputs) -> Child {
        var annotations: [String: String] = [:]
        annotations[ChildAnnotation.secretSources] = inputs.secretSources
        annotations[ChildAnnotation.secretRevision] = inputs.secretRevision?.description
        return self.child(
            .secrets,
            name: self.app.ownSecretName,
            annotations: annotations,
            body: ["type": "Opaque", "data": content.mapValues(Base64.encode).jsonUnlessEmpty]
        )
    }
}
