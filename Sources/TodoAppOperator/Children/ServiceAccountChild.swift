internal import JSON
internal import KubernetesAPI

extension ChildHead {
    /// The account of the pods: one that nobody else uses, and whose token no pod gets.
    func serviceAccount() -> Child {
        self.child(
            .serviceAccounts,
            name: self.app.serviceAccountName,
            body: ["automountServiceAccountToken": false]
        )
    }
}
