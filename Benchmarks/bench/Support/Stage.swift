import Foundation
import HTTPTransport
import KubernetesClient

/// Where it is measured: the cluster that KUBECONFIG names, its audit log, and the operator's program.
struct Stage: Sendable {
    let connection: ClusterConnection
    let transport: any HTTPTransport
    let client: KubernetesClient
    let auditLog: String
    let program: String
    /// Where the operator logs to.
    let folder: URL

    init(folder: URL) throws {
        let environment = ProcessInfo.processInfo.environment
        self.connection = try ClusterConnection.find(.environment, context: nil, environment: environment)
        self.transport = try self.connection.makeTransport()
        self.client = KubernetesClient(
            transport: self.transport,
            credential: self.connection.credential,
            options: KubernetesClient.Options(userAgent: "bench")
        )
        self.auditLog = environment["AUDIT_LOG"] ?? ""
        self.program = environment["TODOAPP_OPERATOR"] ?? ".build/release/todoapp-operator"
        self.folder = folder
    }
}

/// Runs a body for each number below a count, so many at a time.
func spread(
    _ count: Int,
    over width: Int,
    _ body: @escaping @Sendable (Int) async throws -> Void
) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
        for first in 0..<min(width, count) {
            group.addTask {
                for number in stride(from: first, to: count, by: width) { try await body(number) }
            }
        }
        try await group.waitForAll()
    }
}

/// The seconds in a duration.
func seconds(_ duration: Duration) -> Double { duration / .seconds(1) }
