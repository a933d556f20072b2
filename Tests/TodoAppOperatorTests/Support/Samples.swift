import TodoAppAPI
import TodoAppOperator

/// The five samples, one for each contract.
enum Sample: String, CaseIterable {
    case taskflow
    case openai
    case groq
    case cohere
    case fastapi

    /// The sample with all values decided.
    func app(in environment: AppEnvironment, change: (inout TodoAppSpec) -> Void = { _ in }) -> EffectiveApp {
        var spec = self.spec
        spec.environment = environment
        spec.version = environment == .production ? self.productionVersion : self.minikubeVersion
        change(&spec)
        return EffectiveApp(name: self == .cohere ? "todo" : self.rawValue, namespace: "todo-app", spec: spec)
    }

    private var spec: TodoAppSpec {
        let credentials = SecretsSpec(source: .from([SecretSource(secretName: "\(self.rawValue)-credentials")]))
        return switch self {
        case .taskflow: TodoAppSpec(contract: .taskflow, frontend: ComponentSpec(), secrets: credentials)
        case .openai: TodoAppSpec(contract: .openai, secrets: credentials)
        case .groq: TodoAppSpec(contract: .groq, frontend: ComponentSpec(), secrets: credentials)
        case .cohere: TodoAppSpec(contract: .cohere, secrets: credentials)
        case .fastapi:
            TodoAppSpec(
                contract: .fastapi,
                backend: ComponentSpec(
                    image: "registry.example.com/team/api:2.0.0",
                    env: [EnvironmentVariable(name: "LOG_LEVEL", value: "debug")],
                    secretKeys: ["DATABASE_URL", "API_TOKEN"]
                ),
                secrets: credentials
            )
        }
    }

    private var minikubeVersion: String? {
        self == .cohere ? "latest" : "1.0.0"
    }

    private var productionVersion: String {
        self == .openai ? "v1.0.0" : "1.0.0"
    }
}

extension EffectiveApp {
    /// A value for every key of the Secret, each of which its contract takes.
    var sampleSecret: [String: [UInt8]] {
        var content: [String: [UInt8]] = [:]
        for secret in self.secretKeys {
            let text =
                switch secret.key.kind {
                case .databaseURL: "postgresql://todo:s3cret-\(secret.key.key)@db.example.com:5432/todo?ssl=require"
                case .signingKey, .credential: "value-of-\(secret.key.key)-that-nobody-may-see"
                }
            content[secret.key.key] = Array(text.utf8)
        }
        return content
    }

    /// The inputs of a cluster in which everything is as it should be.
    var sampleInputs: RenderInputs {
        RenderInputs(
            ownerUID: "11111111-2222-3333-4444-555555555555",
            ownSecret: self.sampleSecret,
            secretRevision: self.secretRevision(
                of: self.sampleSecret,
                secretUID: "66666666-7777-8888-9999-000000000000"
            ),
            nodePort: self.spec.effectiveExposure == .nodePort ? NodePortAddress(host: "192.0.2.10", port: 30080) : nil
        )
    }

    /// The children in that cluster.
    var sampleChildren: [Child] {
        children(of: self, inputs: self.sampleInputs)
    }
}
