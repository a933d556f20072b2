import Testing

@testable import KubernetesClient

@Suite("Kubeconfig errors")
struct KubeconfigErrorTests {
    private static let path = "/home/me/.kube/config"

    private func problem(_ yaml: String, context: String?) -> String {
        do throws(ClusterConnectionError) {
            var config = Kubeconfig(files: [Self.path])
            try config.merge(path: Self.path, bytes: Array(yaml.utf8))
            _ = try config.connection(context: context)
            return "none"
        } catch {
            return "\(error)"
        }
    }

    @Test(
        "A file that is no kubeconfig is refused in one line that names the file and the field",
        arguments: [
            ("", "the file is empty"),
            ("# nothing\n", "the file is empty"),
            ("a: 1\n---\nb: 2\n", "more than one document"),
            ("[1, 2]", "not a kubeconfig: expected an object, found array"),
            ("text", "not a kubeconfig: expected an object, found string"),
            ("kind: Pod", "kind: must be Config"),
            ("clusters: {}", "clusters: must be a list, found object"),
            ("users: x", "users: must be a list, found string"),
            ("users: [{user: {}}]", "users[0].name: must be a name"),
            ("users: [{name: 7}]", "users[0].name: must be a name"),
            ("contexts: [{name: \"\"}]", "contexts[0].name: must be a name"),
            ("clusters: [{name: a, cluster: 7}]", "clusters[0].cluster: must be an object, found integer"),
            (
                "users: [{name: a}, {name: b, user: [x]}]",
                "users[1].user: must be an object, found array"
            ),
        ]
    )
    func files(_ yaml: String, _ rule: String) {
        #expect(self.problem(yaml, context: "main") == "\(Self.path): \(rule)")
    }

    @Test("A file that is no YAML names the place")
    func malformed() {
        let problem = self.problem("clusters: [\n", context: nil)
        #expect(problem.hasPrefix("\(Self.path): "))
        #expect(problem.contains("2"))
        let lines = problem.split(whereSeparator: \.isNewline)
        #expect(lines.count == 1)
    }

    @Test(
        "A context that leads nowhere says where it ends",
        arguments: [
            (nil, "", "current-context: it is not set; name one with --context"),
            ("x", "", "contexts: there is none called \"x\""),
            (
                "x", "contexts: [{name: b, context: {}}, {name: a, context: {}}]",
                "contexts: there is none called \"x\"; there are a, b"
            ),
            ("a", "contexts: [{name: a}]", "contexts[0].context.cluster: must be the name of a cluster"),
            ("a", "contexts: [{name: a, context: null}]", "contexts[0].context.cluster: must be the name of a cluster"),
            ("a", "contexts: [{name: a, context: {cluster: c}}]", "contexts[0].context.cluster: there is no \"c\""),
            (
                "a",
                """
                clusters: [{name: c, cluster: {server: https://x}}]
                contexts: [{name: a, context: {cluster: c, user: u}}]
                """,
                "contexts[0].context.user: there is no \"u\""
            ),
            (
                "a", "contexts: [{name: a, context: {cluster: 7}}]",
                "contexts[0].context.cluster: must be a string, found integer"
            ),
        ] as [(String?, String, String)]
    )
    func contexts(_ context: String?, _ yaml: String, _ rule: String) {
        let yaml = yaml.isEmpty ? "kind: Config" : yaml
        #expect(self.problem(yaml, context: context) == "\(Self.path): \(rule)")
    }

    @Test(
        "A cluster that cannot be used names its field",
        arguments: [
            ("", "server: must be a URL that begins with https://"),
            ("server: 10.0.0.1:6443", "server: must be a URL that begins with https://"),
            ("server: 7", "server: must be a string, found integer"),
            (
                "server: https://x, insecure-skip-tls-verify: true, certificate-authority-data: Q0E=",
                "insecure-skip-tls-verify: must not be true beside a certificate-authority"
            ),
            (
                "server: https://x, insecure-skip-tls-verify: \"true\"",
                "insecure-skip-tls-verify: must be true or false, found string"
            ),
            ("server: https://x, certificate-authority-data: \"*\"", "certificate-authority-data: is not base64"),
            (
                "server: https://x, certificate-authority: nowhere/ca.crt",
                "certificate-authority: /home/me/.kube/nowhere/ca.crt: no such file"
            ),
            ("server: https://x, certificate-authority: /", "certificate-authority: /: it cannot be read"),
            ("server: https://x, proxy-url: 8080", "proxy-url: must be a string, found integer"),
            ("server: https://x, tls-server-name: [a]", "tls-server-name: must be a string, found array"),
        ]
    )
    func clusters(_ cluster: String, _ rule: String) {
        let yaml = """
            clusters: [{name: c, cluster: {\(cluster)}}]
            contexts: [{name: main, context: {cluster: c}}]
            """
        #expect(self.problem(yaml, context: "main") == "\(Self.path): clusters[0].cluster.\(rule)")
    }

    @Test(
        "A user that cannot be used names its field",
        arguments: [
            ("client-certificate-data: Q0E=", "client-key: is missing beside a client-certificate"),
            ("client-key-data: Q0E=", "client-certificate: is missing beside a client-key"),
            ("client-certificate-data: \"%\"", "client-certificate-data: is not base64"),
            ("token: 7", "token: must be a string, found integer"),
            ("as: jane, as-groups: dev", "as-groups: must be a list, found string"),
            ("as: jane, as-groups: [7]", "as-groups: must be a list of strings"),
            (
                "auth-provider: {name: oidc}",
                "auth-provider: is no longer part of Kubernetes since 1.26; use exec, a token or a certificate"
            ),
            ("exec: aws", "exec: must be an object, found string"),
            (
                "exec: {command: x, apiVersion: client.authentication.k8s.io/v1alpha1}",
                "exec.apiVersion: must be client.authentication.k8s.io/v1 or client.authentication.k8s.io/v1beta1"
            ),
            ("exec: {apiVersion: client.authentication.k8s.io/v1beta1}", "exec.command: must name a program"),
            (
                "exec: {command: x, apiVersion: client.authentication.k8s.io/v1}",
                "exec.interactiveMode: must be Never or IfAvailable"
            ),
            (
                "exec: {command: x, apiVersion: client.authentication.k8s.io/v1, interactiveMode: Always}",
                "exec.interactiveMode: is Always, but there is no terminal at which anybody could be asked"
            ),
            (
                "exec: {command: x, apiVersion: client.authentication.k8s.io/v1beta1, env: [{value: a}]}",
                "exec.env[0].name: must be a variable's name"
            ),
        ]
    )
    func users(_ user: String, _ rule: String) {
        let yaml = """
            clusters: [{name: c, cluster: {server: https://x}}]
            users: [{name: u, user: {\(user)}}]
            contexts: [{name: main, context: {cluster: c, user: u}}]
            """
        #expect(self.problem(yaml, context: "main") == "\(Self.path): users[0].user.\(rule)")
    }

    @Test("No error holds a token, a password or a key")
    func secrecy() {
        let yaml = """
            clusters: [{name: c, cluster: {server: https://x}}]
            users: [{name: u, user: {token: s3cret, password: [s3cret], client-key-data: "s3cret*"}}]
            contexts: [{name: main, context: {cluster: c, user: u}}]
            """
        #expect(!self.problem(yaml, context: "main").contains("s3cret"))
    }

    @Test(
        "An error is one line, whatever line breaks there are in the file's names",
        arguments: [
            ("{\"a\\nb\": 1, \"a\\nb\": 2}", nil, #"line 1, column 13: duplicate key "a\nb""#),
            ("current-context: \"a\\nb\"", nil, "contexts: there is none called \"a b\""),
            (
                "contexts: [{name: m, context: {cluster: \"c\\nd\"}}]", "m",
                "contexts[0].context.cluster: there is no \"c d\""
            ),
        ] as [(String, String?, String)]
    )
    func lineBreaks(yaml: String, context: String?, problem: String) {
        #expect(self.problem(yaml, context: context) == "\(Self.path): \(problem)")
    }
}
