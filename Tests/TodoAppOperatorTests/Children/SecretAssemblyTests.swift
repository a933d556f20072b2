import JSON
import Testing
import TodoAppAPI
import TodoAppOperator

/// How the app's Secret comes together.
struct SecretAssemblyTests {
    private static let database = Array("postgresql://u:p@db:5432/todo?ssl=require".utf8)
    private static let signingKey = Array("a-signing-key-of-forty-characters-or-so!".utf8)
    private static let apiKey = Array("an-api-key".utf8)

    @Test("What a source has is taken, and what is missing of a signing key is made")
    func generated() {
        let assembly = assemble(
            .groq,
            ["c": ["DATABASE_URL": Self.database, "GROQ_API_KEY": Self.apiKey, "OTHER": [1]]]
        )
        #expect(assembly.isComplete)
        #expect(assembly.generated == ["BETTER_AUTH_SECRET"])
        #expect(Set(assembly.content.keys) == ["DATABASE_URL", "GROQ_API_KEY", "BETTER_AUTH_SECRET"])
        #expect(
            assembly.content["BETTER_AUTH_SECRET"]
                == Array("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4v".utf8)
        )
    }

    @Test("A signing key that was made is kept for ever")
    func kept() {
        let own = ["BETTER_AUTH_SECRET": Self.signingKey]
        let assembly = assemble(.groq, ["c": ["DATABASE_URL": Self.database, "GROQ_API_KEY": Self.apiKey]], own: own)
        #expect(assembly.content["BETTER_AUTH_SECRET"] == Self.signingKey)
        #expect(assembly.generated.isEmpty)
    }

    @Test("A signing key that was made is made anew on request; one that somebody supplies is not")
    func rotated() {
        let own = ["BETTER_AUTH_SECRET": Self.signingKey]
        let source = ["DATABASE_URL": Self.database, "GROQ_API_KEY": Self.apiKey]
        let assembly = assemble(.groq, ["c": source], own: own, rotates: true)
        #expect(assembly.generated == ["BETTER_AUTH_SECRET"])
        #expect(assembly.content["BETTER_AUTH_SECRET"] != Self.signingKey)
        let supplied = source.merging(own) { $1 }
        #expect(assemble(.groq, ["c": supplied], own: own, rotates: true).content == supplied)
        #expect(assemble(.groq, [:], own: own, rotates: true).content == own)
    }

    @Test("A signing key that somebody supplies is taken")
    func supplied() {
        let source = [
            "DATABASE_URL": Self.database, "GROQ_API_KEY": Self.apiKey, "BETTER_AUTH_SECRET": Self.signingKey,
        ]
        let assembly = assemble(.groq, ["c": source], own: ["BETTER_AUTH_SECRET": Array(repeating: 65, count: 64)])
        #expect(assembly.content == source)
    }

    @Test("While a source is missing nothing is made up, and what the Secret holds stays in it")
    func sourceMissing() {
        let assembly = assemble(.groq, [:], own: ["DATABASE_URL": Self.database, "OPENAI_API_KEY": Self.apiKey])
        #expect(assembly.problems == [.sourceNotFound("c")])
        #expect(assembly.content == ["DATABASE_URL": Self.database, "OPENAI_API_KEY": Self.apiKey])
        #expect(assembly.generated.isEmpty)
    }

    @Test("A missing key is named with its source, and the value that was good stays")
    func keyMissing() {
        let own = ["DATABASE_URL": Self.database, "GROQ_API_KEY": Self.apiKey, "BETTER_AUTH_SECRET": Self.signingKey]
        let assembly = assemble(.groq, ["c": ["DATABASE_URL": Self.database]], own: own)
        #expect(assembly.problems == [.keyMissing("GROQ_API_KEY", sources: ["c"])])
        #expect(assembly.problems.map(\.description) == ["key GROQ_API_KEY is missing in Secret c"])
        #expect(assembly.content == own)
    }

    @Test("While anything is wrong no value changes that pods may read again, and only what was never there is added")
    func heldBack() {
        let own = ["DATABASE_URL": Self.database, "OLD": Self.apiKey]
        let source = ["DATABASE_URL": Array("postgresql://new/todo?ssl=require".utf8), "GROQ_API_KEY": Self.apiKey]
        let broken = source.merging(["BETTER_AUTH_SECRET": [1]]) { $1 }
        let held = assemble(.groq, ["c": broken], own: own).content
        #expect(held == ["DATABASE_URL": Self.database, "OLD": Self.apiKey, "GROQ_API_KEY": Self.apiKey])
        let whole = source.merging(["BETTER_AUTH_SECRET": Self.signingKey]) { $1 }
        #expect(assemble(.groq, ["c": whole], own: own).content == whole)
    }

    @Test("GROQ_API_KEY may be missing while LLM_PROVIDER is another")
    func conditionalKey() {
        let provider = EnvironmentVariable(name: "LLM_PROVIDER", value: "OPENROUTER")
        let app = Sample.groq.app(in: .production) { spec in
            spec.secrets.source = .from([SecretSource(secretName: "c")])
            spec.backend.env = [provider]
        }
        let assembly = SecretAssembly(
            of: app,
            inputs: .init(sources: ["c": .found(["DATABASE_URL": Self.database])]),
            random: counting
        )
        #expect(assembly.isComplete)
        let deployment = app.sampleChildren.manifest("Deployment", "groq-backend")
        let key = deployment.at("spec.template.spec.containers[0].env[2].valueFrom.secretKeyRef")
        #expect(key?["key"] == "GROQ_API_KEY")
        #expect(key?["optional"] == true)
    }

    @Test("A value that breaks its rule is refused by key and rule and never by value")
    func invalid() {
        let bad = Array("mysql://root:hunter2@db/todo".utf8)
        let source = ["DATABASE_URL": bad, "GROQ_API_KEY": Self.apiKey, "BETTER_AUTH_SECRET": Array("hunter2".utf8)]
        let assembly = assemble(.groq, ["c": source])
        #expect(
            assembly.problems == [
                .invalidValue("DATABASE_URL", rule: .postgresURL(requiresTLS: true)),
                .invalidValue("BETTER_AUTH_SECRET", rule: .minimumLength(32)),
            ]
        )
        #expect(assembly.problems.map(\.reason) == ["InvalidSecretValue", "InvalidSecretValue"])
        #expect(!assembly.problems.contains { $0.description.contains("hunter2") || "\($0)".contains("hunter2") })
        #expect(assembly.content == ["GROQ_API_KEY": Self.apiKey])
    }

    @Test("Keys are taken as the mapping says, and from the first source that has them")
    func mapped() {
        let sources: [SecretSource] = [
            SecretSource(secretName: "db", keys: .mapped([.init(contractKey: "database-url", sourceKey: "uri")])),
            SecretSource(secretName: "first"),
            SecretSource(secretName: "second"),
        ]
        let app = Sample.cohere.app(in: .minikube) { $0.secrets.source = .from(sources) }
        let assembly = SecretAssembly(
            of: app,
            inputs: .init(sources: [
                "db": .found(["uri": Self.database, "cohere-api-key": [1]]),
                "first": .found(["cohere-api-key": Self.apiKey]),
                "second": .found(["cohere-api-key": [2], "jwt-secret": Self.signingKey, "database-url": [3]]),
            ]),
            random: counting
        )
        #expect(
            assembly.content
                == ["database-url": Self.database, "cohere-api-key": Self.apiKey, "jwt-secret": Self.signingKey]
        )
    }

    @Test("A signing key that the mapping names is not made up when its source lacks it")
    func mappedSigningKeyMissing() {
        let mapping = SecretSource.Mapping(contractKey: "jwt-secret", sourceKey: "jwt")
        let app = Sample.cohere.app(in: .minikube) { spec in
            spec.secrets.source = .from([
                SecretSource(secretName: "a"), SecretSource(secretName: "b", keys: .mapped([mapping])),
            ])
        }
        let assembly = SecretAssembly(
            of: app,
            inputs: .init(sources: [
                "a": .found(["database-url": Self.database, "cohere-api-key": Self.apiKey]), "b": .found([:]),
            ]),
            random: counting
        )
        #expect(assembly.problems == [.keyMissing("jwt-secret", sources: ["a", "b (as jwt)"])])
    }

    @Test("An existing Secret is looked through and nothing is added to it")
    func existing() {
        let app = Sample.groq.app(in: .production) { $0.secrets.source = .existing("mine") }
        let data = ["DATABASE_URL": Self.database, "GROQ_API_KEY": Self.apiKey, "OTHER": [UInt8]([1])]
        let assembly = SecretAssembly(of: app, inputs: .init(sources: ["mine": .found(data)]), random: counting)
        #expect(assembly.problems == [.keyMissing("BETTER_AUTH_SECRET", sources: ["mine"])])
        #expect(assembly.generated.isEmpty)
        #expect(!app.ownsSecret)
        #expect(app.secretName == "mine")
    }

    @Test("The embedded database's URL needs no source")
    func embedded() {
        let app = Sample.taskflow.app(in: .minikube) { $0.secrets.source = .none }
        let assembly = SecretAssembly(of: app, inputs: .init(made: ["DATABASE_URL": Self.database]), random: counting)
        #expect(assembly.problems == [.keyMissing("OPENAI_API_KEY", sources: [])])
        #expect(Set(assembly.content.keys) == ["DATABASE_URL", "BETTER_AUTH_SECRET"])
    }

    @Test("fastapi's keys are those of its spec, and the two names that sign tokens are made for it too")
    func fastapi() {
        let app = Sample.fastapi.app(in: .production) { spec in
            spec.secrets.source = .from([SecretSource(secretName: "c")])
            spec.backend.secretKeys = ["API_TOKEN", "JWT_SECRET"]
        }
        let assembly = SecretAssembly(
            of: app,
            inputs: .init(sources: ["c": .found(["API_TOKEN": Self.apiKey])]),
            random: counting
        )
        #expect(assembly.isComplete)
        #expect(assembly.generated == ["JWT_SECRET"])
    }

    private func assemble(
        _ sample: Sample,
        _ sources: [String: [String: [UInt8]]],
        own: [String: [UInt8]]? = nil,
        rotates: Bool = false
    ) -> SecretAssembly {
        let app = sample.app(in: .production) { $0.secrets.source = .from([SecretSource(secretName: "c")]) }
        let inputs = SecretAssembly.Inputs(
            sources: sources.mapValues { .found($0) },
            own: own,
            rotatesSigningKey: rotates
        )
        return SecretAssembly(of: app, inputs: inputs, random: counting)
    }

    private func counting(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8($0) }
    }
}
