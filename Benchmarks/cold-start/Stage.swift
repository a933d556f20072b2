import Foundation
import HTTPTransport
import KubernetesAPI
import KubernetesClient
import KubernetesTesting

/// Where it is measured.
struct Stage {
    let name: String
    let transport: any HTTPTransport
    private let credential: any Credential
    /// What is to be known about the memory.
    let note: String

    /// An API server in this process.
    static func inProcess() -> Stage {
        let type = ResourceType(group: "todo.taskflow.dev", version: "v1alpha1", plural: "todoapps", kind: "TodoApp")
        let server = SimulatedAPIServer(
            SimulatedAPIServer.Options(resources: [SimulatedResource(type)], historyLimit: 100_000)
        )
        return Stage(
            name: "an API server in this process",
            transport: server.connect(as: "operator"),
            credential: NoCredential(),
            note: "(server included)"
        )
    }

    /// The cluster that KUBECONFIG names.
    static func cluster() throws -> Stage {
        let connection = try ClusterConnection.find(
            .environment,
            context: nil,
            environment: ProcessInfo.processInfo.environment
        )
        return Stage(
            name: "the cluster of KUBECONFIG",
            transport: try connection.makeTransport(),
            credential: connection.credential,
            note: ""
        )
    }

    func client(on transport: any HTTPTransport) -> KubernetesClient {
        KubernetesClient(
            transport: transport,
            credential: self.credential,
            options: KubernetesClient.Options(userAgent: "cold-start")
        )
    }
}
