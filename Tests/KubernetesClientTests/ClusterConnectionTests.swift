import CurlTransport
import HTTPTransport
import Testing

@testable import KubernetesClient

@Suite("ClusterConnection")
struct ClusterConnectionTests {
    private let folder: TemporaryFolder
    private let config: String
    private let home: String

    init() throws {
        self.folder = try TemporaryFolder()
        self.home = self.folder.path
        self.config = try self.folder.write(Self.yaml(server: "https://named"), to: "named")
        try self.folder.makeFolder(".kube")
        try self.folder.write(Self.yaml(server: "https://home"), to: ".kube/config")
    }

    private static func yaml(server: String) -> String {
        """
        current-context: main
        clusters: [{name: c, cluster: {server: "\(server)"}}]
        contexts: [{name: main, context: {cluster: c}}, {name: other, context: {cluster: c, namespace: other}}]
        """
    }

    private var pod: [String: String] {
        ["KUBERNETES_SERVICE_HOST": "10.96.0.1", "KUBERNETES_SERVICE_PORT": "443", "HOME": self.home]
    }

    private func server(
        _ source: ClusterConnection.Source,
        context: String? = nil,
        _ environment: [String: String]
    ) throws -> String {
        try ClusterConnection.find(source, context: context, environment: environment).transport.server
    }

    @Test("A file that was named by a flag wins over everything, and nothing else will do")
    func file() throws {
        var environment = self.pod
        environment["KUBECONFIG"] = "\(self.home)/.kube/config"
        #expect(try self.server(.file(self.config), environment) == "https://named")
        let missing = "\(self.home)/nowhere"
        #expect(throws: ClusterConnectionError.fileUnreadable(path: missing, why: "no such file")) {
            try self.server(.file(missing), environment)
        }
    }

    @Test("KUBECONFIG wins over the pod's own files and the home folder, and may name files that do not exist")
    func kubeconfig() throws {
        var environment = self.pod
        environment["KUBECONFIG"] = "\(self.home)/nowhere:\(self.config)"
        #expect(try self.server(.environment, environment) == "https://named")
    }

    @Test("A KUBECONFIG that names only missing files is an error and no reason to go elsewhere")
    func missingKubeconfig() {
        var environment = self.pod
        environment["KUBECONFIG"] = "/nowhere/a:/nowhere/b"
        let expected = ClusterConnectionError.noSuchFiles(["/nowhere/a", "/nowhere/b"])
        #expect(throws: expected) { try self.server(.environment, environment) }
        #expect("\(expected)" == "KUBECONFIG: no such file: /nowhere/a, /nowhere/b")
    }

    @Test("In a pod its own files win over the home folder")
    func podFiles() {
        do throws(ClusterConnectionError) {
            // Where these tests run in a pod themselves, the files are there.
            let found = try ClusterConnection.find(.environment, context: nil, environment: self.pod)
            #expect(found.origin == "the pod's ServiceAccount")
        } catch {
            #expect("\(error)".hasPrefix(InClusterConfiguration.serviceAccountFolder))
        }
    }

    @Test("A context that was named can only be meant in a kubeconfig, even in a pod")
    func contextInPod() throws {
        let found = try ClusterConnection.find(.environment, context: "other", environment: self.pod)
        #expect(found.transport.server == "https://home")
        #expect(found.namespace == "other")
    }

    @Test("Without anything else it is the file in the home folder")
    func homeFile() throws {
        #expect(try self.server(.environment, ["HOME": self.home]) == "https://home")
        #expect(try self.server(.environment, ["HOME": self.home, "KUBECONFIG": ""]) == "https://home")
    }

    @Test("Where there is nothing at all, the error says what to do")
    func nothing() {
        for environment in [[:], ["HOME": ""], ["HOME": "/nowhere"]] {
            #expect(throws: ClusterConnectionError.nothingFound) { try self.server(.environment, environment) }
        }
        #expect(
            "\(ClusterConnectionError.nothingFound)"
                == "no cluster is configured: set KUBECONFIG, write ~/.kube/config, or run in a pod"
        )
    }

    @Test("A file in the home folder that is broken is not passed over")
    func brokenHomeFile() throws {
        try self.folder.write("[]", to: ".kube/config")
        #expect(throws: ClusterConnectionError.self) { try self.server(.environment, ["HOME": self.home]) }
    }

    @Test(
        "Why a cluster cannot be talked to is said with the file and the field to look at",
        arguments: [
            (
                .transport(.couldNotConnect("refused")),
                "clusters[0].cluster.server: https://named: no connection: refused"
            ),
            (
                .transport(.certificateNotTrusted("unknown")),
                "clusters[0].cluster.certificate-authority: https://named: "
                    + "the server's certificate is not trusted: unknown"
            ),
        ] as [(KubernetesClientError.Cause, String)]
    )
    func explanation(cause: KubernetesClientError.Cause, text: String) throws {
        let connection = try ClusterConnection.find(.file(self.config), context: nil, environment: [:])
        let operation = KubernetesClientError.Operation(verb: "get", resource: "pods", subject: "")
        #expect(connection.explanation(of: .init(operation: operation, cause: cause)) == "\(self.config): \(text)")
    }

    @Test("A credential that cannot be had names its own place, and a pod's files have no fields")
    func otherExplanations() {
        let connection = ClusterConnection(
            origin: "the pod's ServiceAccount",
            transport: CurlTransport.Configuration(server: "https://10.96.0.1"),
            credential: NoCredential(),
            namespace: "default"
        )
        let operation = KubernetesClientError.Operation(verb: "get", resource: "pods", subject: "")
        func text(_ cause: KubernetesClientError.Cause) -> String {
            connection.explanation(of: KubernetesClientError(operation: operation, cause: cause))
        }
        #expect(text(.credential("/a/token: it is empty")) == "/a/token: it is empty")
        #expect(
            text(.transport(.hostNotFound("x"))) == "the pod's ServiceAccount: https://10.96.0.1: "
                + "the host's name is unknown: x"
        )
    }

    @Test("A client of the surroundings' cluster needs the environment alone, and says what is missing")
    func clientOfEnvironment() {
        #expect(throws: Never.self) {
            try KubernetesClient(environment: ["KUBECONFIG": self.config], userAgent: "unit-test/1")
        }
        #expect(throws: ClusterConnectionError.nothingFound) {
            try KubernetesClient(environment: [:], userAgent: "unit-test/1")
        }
    }
}
