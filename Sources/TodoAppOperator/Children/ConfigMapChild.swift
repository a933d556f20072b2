internal import JSON
internal import KubernetesAPI

extension ChildHead {
    /// The app's ConfigMap, which exists even while it is empty.
    func configMap(_ data: [String: String]) -> Child {
        self.child(.configMaps, name: self.app.configMapName, body: ["data": data.jsonUnlessEmpty])
    }
}
