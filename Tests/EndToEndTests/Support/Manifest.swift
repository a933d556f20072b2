import JSON

/// The objects that the tests apply.
enum Manifest {
    /// A namespace that the tests clear away.
    static func namespace(_ name: String) -> JSONValue {
        [
            "apiVersion": "v1", "kind": "Namespace",
            "metadata": ["name": .string(name), "labels": ["todo.taskflow.dev/end-to-end": "true"]],
        ]
    }

    /// A Secret.
    static func secret(_ name: String, _ values: [String: String]) -> JSONValue {
        [
            "apiVersion": "v1", "kind": "Secret", "metadata": ["name": .string(name)],
            "stringData": JSONValue(values),
        ]
    }

    /// A TodoApp of contract taskflow; `spec` is merged into that of a small app that starts quickly.
    static func taskflow(_ name: String = "taskflow", _ spec: JSONValue = [:]) -> JSONValue {
        let base: JSONValue = [
            "environment": "Minikube", "version": "1.0.0",
            "backend": Self.quick, "frontend": Self.quick,
            "secrets": ["from": [["secretName": .string(Credentials.secretName)]]],
        ]
        return Self.todoApp(name, base.merging(spec))
    }

    /// A TodoApp none of whose pods ever finds a node: for tests that look at its objects alone.
    static func podless(_ name: String = "taskflow", _ spec: JSONValue = [:]) -> JSONValue {
        let nowhere: JSONValue = ["nodeSelector": ["todo.taskflow.dev/node": "nowhere"]]
        let base: JSONValue = ["backend": nowhere, "frontend": nowhere]
        return Self.taskflow(name, base.merging(spec))
    }

    /// Any TodoApp.
    static func todoApp(_ name: String, _ spec: JSONValue) -> JSONValue {
        [
            "apiVersion": "todo.taskflow.dev/v1alpha1", "kind": "TodoApp",
            "metadata": ["name": .string(name)], "spec": spec,
        ]
    }

    // Probed every second, and small enough that dozens fit on one node.
    private static let quick: JSONValue = [
        "probes": ["startup": ["periodSeconds": 1], "readiness": ["periodSeconds": 1]],
        "resources": ["requests": ["cpu": "5m", "memory": "8Mi"]],
    ]
}

/// The credentials that test namespaces hold.
enum Credentials {
    static let secretName = "credentials"

    /// What contract taskflow wants; the signing key is left to the operator.
    static let taskflow = [
        "DATABASE_URL": "postgresql://demo:canary-database@postgres:5432/todo",
        "OPENAI_API_KEY": "canary-openai",
    ]
}
