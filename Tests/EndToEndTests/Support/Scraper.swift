import Foundation
import JSON

/// Prometheus' part: an account that may read metrics, as `config/rbac` grants it, and the request with its token.
struct Scraper: Sendable {
    private static let namespace = OperatorPod.namespace
    private let stage: Stage

    init(_ stage: Stage) {
        self.stage = stage
    }

    /// What the operator's pod answers at `/metrics`; the output ends with a line that holds the status.
    func scrape() async throws -> ProgramRun {
        try await self.prepare("metrics-reader", isBound: true)
        return try await self.ask(token: try await self.token(of: "metrics-reader"))
    }

    /// An account of which nobody said that it may read metrics.
    func scrapeAsStranger() async throws -> ProgramRun {
        try await self.prepare("metrics-stranger", isBound: false)
        return try await self.ask(token: try await self.token(of: "metrics-stranger"))
    }

    /// Nobody in particular.
    func scrapeWithoutToken() async throws -> ProgramRun { try await self.ask(token: nil) }

    /// Where the node passes requests on to the operator's pod.
    private func port() async throws -> Int64 {
        let name = "metrics-from-outside"
        try await self.stage.kubectl.apply([
            "apiVersion": "v1", "kind": "Service",
            "metadata": ["name": .string(name), "namespace": .string(Self.namespace)],
            "spec": [
                "type": "NodePort", "selector": ["app.kubernetes.io/name": "todoapp-operator"],
                "ports": [["port": 8443, "targetPort": "metrics"]],
            ],
        ])
        return try await eventually("the node has a port for metrics", within: .seconds(20)) {
            self.stage.watch.object(.services, Self.namespace, name)?.at("spec.ports[0].nodePort")?.integer
        }
    }

    private func prepare(_ account: String, isBound: Bool) async throws {
        var objects: [JSONValue] = [
            [
                "apiVersion": "v1", "kind": "ServiceAccount",
                "metadata": ["name": .string(account), "namespace": .string(Self.namespace)],
            ],
            // Kubernetes since 1.24 makes none by itself.
            [
                "apiVersion": "v1", "kind": "Secret", "type": "kubernetes.io/service-account-token",
                "metadata": [
                    "name": .string("\(account)-token"), "namespace": .string(Self.namespace),
                    "annotations": ["kubernetes.io/service-account.name": .string(account)],
                ],
            ],
        ]
        if isBound {
            objects.append([
                "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding",
                "metadata": ["name": .string(account)],
                "roleRef": [
                    "apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole",
                    "name": "todoapp-operator-metrics-reader",
                ],
                "subjects": [
                    [
                        "kind": "ServiceAccount", "name": .string(account), "namespace": .string(Self.namespace),
                    ]
                ],
            ])
        }
        for object in objects {
            try await self.stage.kubectl.apply(object)
        }
    }

    private func token(of account: String) async throws -> String {
        try await eventually("\(account) has a token", within: .seconds(20)) {
            let secret = self.stage.watch.object(.secrets, Self.namespace, "\(account)-token")
            let data = secret?.at("data.token")?.string.flatMap { Data(base64Encoded: $0) }
            return data.map { String(decoding: $0, as: UTF8.self) }
        }
    }

    private func ask(token: String?) async throws -> ProgramRun {
        let port = try await self.port()
        // Its certificate is its own and signed by nobody, as with every operator that was given none.
        var arguments = ["--silent", "--show-error", "--insecure", "--noproxy", "*", "--write-out", "\n%{http_code}\n"]
        // A node that has just heard of the port refuses for a moment.
        arguments += ["--retry", "20", "--retry-delay", "1", "--retry-connrefused"]
        arguments.append("https://\(self.stage.cluster.nodeAddress):\(port)/metrics")
        guard let token else { return try await ProgramRun("curl", arguments) }
        // On standard input, where no list of processes shows it.
        let header = "header = \"Authorization: Bearer \(token)\"\n"
        return try await ProgramRun("curl", arguments + ["--config", "-"], input: header)
    }
}
