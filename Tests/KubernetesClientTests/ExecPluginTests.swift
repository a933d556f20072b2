import JSON
import Testing

@testable import KubernetesClient

@Suite("ExecPlugin")
struct ExecPluginTests {
    private static let v1 = "apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never"

    private func plugin(_ exec: String, cluster: String = "") throws -> ExecPlugin {
        var config = Kubeconfig(files: ["/etc/kube/config"])
        let yaml = """
            clusters: [{name: c, cluster: {server: "https://10.0.0.1:6443", \(cluster)}}]
            users: [{name: u, user: {exec: {\(exec)}}}]
            """
        try config.merge(path: "/etc/kube/config", bytes: Array(yaml.utf8))
        let (user, cluster) = (try #require(config.users["u"]), try #require(config.clusters["c"]))
        return try #require(try user.execPlugin(cluster: cluster))
    }

    private func information(_ plugin: ExecPlugin) throws -> JSONValue {
        let text = try #require(plugin.program.environment["KUBERNETES_EXEC_INFO"])
        return try JSONValue(parsing: Array(text.utf8))
    }

    @Test("Command, arguments and variables are those of the kubeconfig, and the protocol's variable comes on top")
    func program() throws {
        let plugin = try self.plugin(
            "\(Self.v1), command: aws, args: [eks, get-token], env: [{name: AWS_PROFILE, value: shop}, {name: EMPTY}]"
        )
        #expect(plugin.program.command == "aws")
        #expect(plugin.program.arguments == ["eks", "get-token"])
        var others = plugin.program.environment
        others["KUBERNETES_EXEC_INFO"] = nil
        #expect(others == ["AWS_PROFILE": "shop", "EMPTY": ""])
        let expected: JSONValue = [
            "apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "spec": ["interactive": false],
        ]
        let information = try self.information(plugin)
        #expect(information == expected, "\(information.text())")
    }

    @Test(
        "A name is looked up in PATH, a path is relative to the kubeconfig's folder",
        arguments: [("aws", "aws"), ("/opt/aws", "/opt/aws"), ("bin/aws", "/etc/kube/bin/aws")]
    )
    func command(_ written: String, _ meant: String) throws {
        #expect(try self.plugin("\(Self.v1), command: \(written)").command == meant)
    }

    @Test("A plugin that asks for it is told about the cluster, with what stands there for it alone")
    func clusterInfo() throws {
        let plugin = try self.plugin(
            "apiVersion: client.authentication.k8s.io/v1beta1, command: x, provideClusterInfo: true",
            cluster: """
                certificate-authority-data: Q0E=, tls-server-name: api.test, proxy-url: "http://proxy:3128", \
                extensions: [{name: other, extension: 1}, \
                {name: client.authentication.k8s.io/exec, extension: {audience: shop}}]
                """
        )
        #expect(
            try self.information(plugin)["spec"] == [
                "interactive": false,
                "cluster": [
                    "server": "https://10.0.0.1:6443", "tls-server-name": "api.test", "proxy-url": "http://proxy:3128",
                    "certificate-authority-data": "Q0E=", "config": ["audience": "shop"],
                ],
            ]
        )
        let insecure = try self.plugin(
            "\(Self.v1), command: x, provideClusterInfo: true",
            cluster: "insecure-skip-tls-verify: true"
        )
        #expect(try self.information(insecure)["spec"]?["cluster"]?["insecure-skip-tls-verify"] == true)
    }

    @Test("A user with a plugin has its credential, and a token beside it wins")
    func chosen() throws {
        var config = Kubeconfig(files: ["/config"])
        let yaml = """
            clusters: [{name: c, cluster: {server: "https://x"}}]
            users:
            - {name: u, user: {exec: {\(Self.v1), command: x}}}
            - {name: t, user: {token: abc, exec: {\(Self.v1), command: x}}}
            - {name: i, user: {as: jane, exec: {\(Self.v1), command: x}}}
            contexts:
            - {name: u, context: {cluster: c, user: u}}
            - {name: t, context: {cluster: c, user: t}}
            - {name: i, context: {cluster: c, user: i}}
            """
        try config.merge(path: "/config", bytes: Array(yaml.utf8))
        #expect(try config.connection(context: "u").credential is ExecCredential)
        #expect(try config.connection(context: "u").certificates is ExecCredential)
        #expect(try config.connection(context: "t").credential is FixedCredential)
        // Acting for somebody else hides the plugin's credential, but not the certificate that it may bring.
        #expect(try config.connection(context: "i").credential is ImpersonatingCredential)
        #expect(try config.connection(context: "i").certificates is ExecCredential)
    }
}
