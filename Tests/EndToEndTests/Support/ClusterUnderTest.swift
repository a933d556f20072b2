import Foundation
import Testing

/// The cluster that the tests run on, as `eval "$(hack/cluster env)"` and `TODOAPP_OPERATOR` describe it.
struct ClusterUnderTest: Sendable {
    /// The kubeconfig of an admin.
    let kubeconfig: String
    /// The kubeconfig of the operator, whose user does nothing else.
    let operatorKubeconfig: String
    /// The API server's audit log.
    let auditLog: String
    /// Where NodePorts answer.
    let nodeAddress: String
    /// The cluster's name, for `hack/cluster --name`.
    let name: String
    /// The operator's program.
    let program: String

    /// Where the repository lies.
    static let root = URL(filePath: #filePath).pathComponents.dropLast(4).joined(separator: "/").dropFirst()

    /// What whoever skips these tests is told.
    static let whatIsMissing: Comment = """
        no cluster with a node: hack/cluster up, hack/sample-images load, eval "$(hack/cluster env)", \
        TODOAPP_OPERATOR=<the program>
        """

    /// Whether there is such a cluster.
    static var isThere: Bool { Self.fromEnvironment != nil }

    /// The cluster that the environment names.
    static var fromEnvironment: ClusterUnderTest? {
        let environment = ProcessInfo.processInfo.environment
        guard environment["NODE_NAME"] != nil else { return nil }
        guard
            let kubeconfig = environment["KUBECONFIG"],
            let operatorKubeconfig = environment["OPERATOR_KUBECONFIG"],
            let auditLog = environment["AUDIT_LOG"],
            let nodeAddress = environment["NODE_ADDRESS"],
            let name = environment["CLUSTER_NAME"],
            let program = environment["TODOAPP_OPERATOR"]
        else { return nil }
        return ClusterUnderTest(
            kubeconfig: kubeconfig,
            operatorKubeconfig: operatorKubeconfig,
            auditLog: auditLog,
            nodeAddress: nodeAddress,
            name: name,
            program: program
        )
    }

    /// A file of the repository.
    static func file(_ path: String) -> String { "\(Self.root)/\(path)" }
}
