import JSON
import Testing

/// An app of each contract, with nothing in its spec that the contract could say itself.
enum ContractApp: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case openai
    case groq
    case taskflow
    case fastapi
    case cohere

    var testDescription: String { self.rawValue }

    /// The TodoApp's name; `todo` is what seed 004's names come from.
    var name: String { self == .cohere ? "todo" : self.rawValue }

    /// What the seeds say of its components.
    var figures: [ContractFigures] {
        switch self {
        case .openai: [.openai]
        case .groq: [.groq]
        case .taskflow: [.taskflowBackend, .taskflowFrontend]
        case .fastapi: [.fastapi]
        case .cohere: [.cohere]
        }
    }

    /// The credentials of all contracts in one Secret; none may be seen anywhere else.
    static let credentials = [
        "DATABASE_URL": "postgresql://demo:canary-database@postgres:5432/todo?ssl=require",
        "BETTER_AUTH_SECRET": "canary-signing-key-of-more-than-32-characters",
        "OPENAI_API_KEY": "canary-openai", "GROQ_API_KEY": "canary-groq", "API_TOKEN": "canary-token",
        "database-url": "postgresql://demo:canary-database@postgres:5432/todo",
        "cohere-api-key": "canary-cohere", "jwt-secret": "canary-jwt",
    ]

    /// The TodoApp in Production: loaded images, which the kubelet then need not pull, and two replicas.
    var production: JSONValue {
        var spec: JSONValue = ["contract": .string(self.rawValue), "backend": ["resources": Self.small]]
        switch self {
        case .openai, .groq, .cohere: spec["version"] = "v1.0.0"
        case .taskflow:
            spec["version"] = "1.0.0"
            spec["frontend"] = ["resources": Self.small]
        case .fastapi:
            spec["backend"]?["image"] = "fastapi-backend:1.0.0"
            spec["backend"]?["secretKeys"] = ["DATABASE_URL", "API_TOKEN"]
        }
        if self == .groq {
            // The least that seed 001 allows.
            spec["backend"]?["resources"] = ["requests": ["cpu": "100m"]]
        }
        spec["secrets"] = ["from": [["secretName": .string(Credentials.secretName)]]]
        return Manifest.todoApp(self.name, spec)
    }

    private static let small: JSONValue = ["requests": ["cpu": "5m"]]
}
