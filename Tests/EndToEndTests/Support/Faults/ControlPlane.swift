import Foundation
import JSON
import Testing

/// The control plane that the fault tests have for themselves, as `eval "$(hack/cluster env)"` describes it: they stop its
/// parts and replace its data.
struct ControlPlane: Sendable {
    /// The cluster's name, for `hack/cluster --name`.
    let name: String
    /// The operator's program.
    let program: String
    /// Where the API server is.
    let host: String
    let port: Int
    /// The API server as its admin sees it.
    let admin: Upstream
    /// The API server's audit log.
    let auditLog: String

    /// The cluster's certificates and keys.
    private let pki: String

    /// What whoever skips these tests is told.
    static let whatIsMissing: Comment = "no control plane of their own: hack/run-faults brings one up"

    /// Whether there is one.
    static var isThere: Bool { ProcessInfo.processInfo.environment["FAULT_TESTS"] != nil }

    /// The environment does not describe one.
    struct NotThere: Error {}

    /// The one that the environment names.
    static func fromEnvironment() throws -> ControlPlane {
        let environment = ProcessInfo.processInfo.environment
        guard
            let kubeconfig = environment["KUBECONFIG"],
            let name = environment["CLUSTER_NAME"],
            let program = environment["TODOAPP_OPERATOR"],
            let server = environment["API_SERVER"].flatMap(URL.init(string:)),
            let host = server.host(),
            let port = server.port,
            let auditLog = environment["AUDIT_LOG"]
        else { throw NotThere() }
        let pki = URL(filePath: kubeconfig).deletingLastPathComponent().appending(path: "pki").path()
        return ControlPlane(
            name: name,
            program: program,
            host: host,
            port: port,
            admin: try Upstream(
                host: host,
                port: port,
                authority: "\(pki)/ca.crt",
                certificate: (file: "\(pki)/admin.crt", key: "\(pki)/admin.key")
            ),
            auditLog: auditLog,
            pki: pki
        )
    }

    var url: String { "https://\(self.host):\(self.port)" }

    /// Who signs the API server's certificate.
    var authority: String { "\(self.pki)/ca.crt" }

    /// The operator's own certificate.
    var operatorCertificate: (file: String, key: String) { ("\(self.pki)/operator.crt", "\(self.pki)/operator.key") }

    /// The API server's certificate, which is good for 127.0.0.1 too: a proxy there may show it.
    var serverCertificate: ServerCertificate {
        ServerCertificate(file: "\(self.pki)/apiserver.crt", key: "\(self.pki)/apiserver.key")
    }

    /// The API server as the operator sees it; without a certificate it is whoever its token says.
    func upstream(withCertificate: Bool = true) throws -> Upstream {
        try Upstream(
            host: self.host,
            port: self.port,
            authority: self.authority,
            certificate: withCertificate ? self.operatorCertificate : nil
        )
    }

    // MARK: Its parts

    /// Runs `hack/cluster` on it.
    func cluster(_ arguments: String...) async throws {
        let run = try await ProgramRun(ClusterUnderTest.file("hack/cluster"), ["--name", self.name] + arguments)
        guard run.exitCode == 0 else {
            throw Kubectl.Failure(command: "hack/cluster \(arguments)", errors: run.output + run.errors)
        }
    }
}
