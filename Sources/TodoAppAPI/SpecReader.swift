internal import JSON
internal import KubernetesAPI

/// Reads `spec`, field by field, into values that hold only what is valid by itself.
///
/// What depends on several fields at once is ``TodoAppValidator``'s, but for those that exclude each other in one object:
/// the values have no room for both.
enum SpecReader {
    static func read(_ field: FieldReader) -> TodoAppSpec? {
        field.object { fields in
            TodoAppSpec(
                contract: fields.field("contract")?.oneOf() ?? .taskflow,
                environment: fields.field("environment")?.oneOf() ?? .production,
                version: fields.field("version")?.text(.version),
                registry: fields.field("registry")?.text(.registry),
                backend: fields.required("backend").flatMap(ComponentReader.readBackend) ?? ComponentSpec(),
                frontend: fields.field("frontend").flatMap(ComponentReader.readFrontend),
                secrets: fields.field("secrets").flatMap(Self.readSecrets) ?? SecretsSpec(),
                database: fields.field("database").flatMap(Self.readDatabase) ?? .external,
                exposure: fields.field("exposure").flatMap(ExposureReader.read) ?? .byEnvironment,
                networkPolicy: fields.field("networkPolicy").flatMap(Self.readNetworkPolicy) ?? .byEnvironment,
                rollout: fields.field("rollout").flatMap(Self.readRollout) ?? RolloutSpec(),
                imagePullSecrets: fields.field("imagePullSecrets").map(Self.readImagePullSecrets) ?? [],
                paused: fields.flag("paused"),
                suspended: fields.flag("suspended")
            )
        }
    }

    private static func readSecrets(_ field: FieldReader) -> SecretsSpec? {
        field.object { fields in
            let existing = fields.field("existingSecret")
            let from = fields.field("from")
            let deletionPolicy: SecretsSpec.DeletionPolicy = fields.field("deletionPolicy")?.oneOf() ?? .delete

            let existingName = existing?.text(.objectName)
            let sources = from.map(Self.readSources) ?? []
            if existing != nil, from != nil {
                field.refuse(.conflict, "existingSecret and from exclude each other")
            }
            let source: SecretsSpec.Source =
                if let existingName {
                    .existing(existingName)
                } else if sources.isEmpty {
                    .none
                } else {
                    .from(sources)
                }
            return SecretsSpec(source: source, deletionPolicy: deletionPolicy)
        }
    }

    private static func readSources(_ field: FieldReader) -> [SecretSource] {
        var names: Set<String> = []
        return field.array(atMost: 16) { element in
            element.object { fields in
                let name = fields.required("secretName")
                let mappings = fields.field("keys")?.map(atMost: 32, names: .text(maxLength: 253)) { $0.text(.dataKey) }
                guard let name, let secretName = name.text(.objectName) else { return nil }
                if !names.insert(secretName).inserted {
                    name.refuse(.conflict, "comes twice")
                }
                guard let mappings else { return SecretSource(secretName: secretName) }
                return SecretSource(
                    secretName: secretName,
                    keys: .mapped(mappings.map { SecretSource.Mapping(contractKey: $0.name, sourceKey: $0.value) })
                )
            }
        }
    }

    private static func readDatabase(_ field: FieldReader) -> DatabaseSpec? {
        field.object { fields in
            fields.field("embedded")?.object { embedded in
                let storage = embedded.field("storage")
                let quantity = storage?.quantity()
                if let quantity, quantity.isZero {
                    storage?.refuse(.outOfRange, "must be more than nothing")
                }
                let deletionPolicy: SecretsSpec.DeletionPolicy = embedded.field("deletionPolicy")?.oneOf() ?? .delete
                return .embedded(
                    EmbeddedDatabase(storage: quantity ?? .gibibytes(1), deletionPolicy: deletionPolicy)
                )
            }
        }
    }

    private static func readNetworkPolicy(_ field: FieldReader) -> NetworkPolicySpec? {
        field.object { fields in
            fields.field("enabled")?.choice(whenTrue: .enabled, whenFalse: .disabled)
        }
    }

    private static func readRollout(_ field: FieldReader) -> RolloutSpec? {
        field.object { fields in
            var rollout = RolloutSpec()
            rollout.order = fields.field("order")?.oneOf() ?? rollout.order
            if let seconds = fields.field("progressDeadlineSeconds")?.integer(in: 30...86_400) {
                rollout.progressDeadlineSeconds = Int(seconds)
            }
            rollout.onFailure = fields.field("onFailure")?.oneOf() ?? rollout.onFailure
            return rollout
        }
    }

    private static func readImagePullSecrets(_ field: FieldReader) -> [String] {
        var names: Set<String> = []
        return field.array(atMost: 16) { element in
            element.object { fields in
                let name = fields.required("name")
                guard let text = name?.text(.objectName) else { return nil }
                if !names.insert(text).inserted {
                    name?.refuse(.conflict, "comes twice")
                }
                return text
            }
        }
    }
}
