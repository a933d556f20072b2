public import JSON

extension TodoAppSpec {
    /// Reads a TodoApp's `spec` and checks everything that can be told without a second object.
    ///
    /// - Parameters:
    ///   - spec: the value of the TodoApp's field `spec`; `nil` where it has none.
    ///   - name: the TodoApp's own name, of which its children's names are made.
    /// - Throws: everything that is wrong, not only the first.
    public static func read(_ spec: JSONValue?, name: String) throws(InvalidTodoApp) -> TodoAppSpec {
        let log = ViolationLog()
        guard let spec else {
            throw InvalidTodoApp(violations: [Violation(path: ["spec"], rule: .missing, message: "is required")])
        }
        let read = SpecReader.read(FieldReader(value: spec, path: ["spec"], log: log))
        // The rules between fields hold for one contract in one environment: without these, they say nothing.
        if let read, !log.hasViolation(at: ["spec", "contract"]), !log.hasViolation(at: ["spec", "environment"]) {
            TodoAppValidator(spec: read, name: name, rules: .of(read.contract), log: CrossFieldLog(log)).check()
        }
        guard log.violations.isEmpty, let read else {
            throw InvalidTodoApp(violations: log.violations)
        }
        return read
    }
}

/// The rules that depend on several fields, on the contract, or on the environment.
///
/// The CustomResourceDefinition states those again in CEL that CEL can see, in the same words.
struct TodoAppValidator {
    let spec: TodoAppSpec
    let name: String
    let rules: ContractRules
    let log: CrossFieldLog

    func check() {
        self.checkName()
        self.checkVersion()
        self.checkSecretKeys()
        self.checkDatabase()
        self.checkUserDefinedFields()
        self.checkServices()
        for (name, component) in self.spec.components {
            let validator = ComponentValidator(
                name: name,
                component: component,
                contract: self.spec.contract,
                rules: self.rules[name],
                secretKeys: self.secretKeys,
                log: self.log
            )
            validator.check()
        }
    }

    /// The keys of the app's Secret: the contract's, or the user's where the contract leaves them to the user.
    private var secretKeys: [ContractSecretKey] {
        guard self.rules.backend.isUserDefined else { return self.rules.backend.secretKeys }
        return self.spec.backend.secretKeys.map { ContractSecretKey($0) }
    }

    private func refuse(_ path: JSONPath, _ rule: Violation.Rule, _ message: String) {
        self.log.add(path, rule, message)
    }

    // MARK: - Name and version

    /// A Service's name ends at 63 characters, and the longest is NAME-frontend.
    static let longestName = 54
    /// A StatefulSet's name ends at 52, since its pods carry a label made of it and of a hash.
    static let longestNameWithDatabase = 43

    private func checkName() {
        let path: JSONPath = ["metadata", "name"]
        if !TextSyntax.isServiceName(self.name) {
            self.refuse(
                path,
                .malformed,
                "metadata.name must start with a letter and hold only lower-case letters, digits and '-', "
                    + "since Services are named after it"
            )
        }
        if self.name.utf8.count > Self.longestName {
            self.refuse(
                path,
                .outOfRange,
                "metadata.name must be at most \(Self.longestName) characters long, so that its children's names fit"
            )
        }
        if self.spec.database != .external, self.name.utf8.count > Self.longestNameWithDatabase {
            self.refuse(
                path,
                .outOfRange,
                "metadata.name must be at most \(Self.longestNameWithDatabase) characters long "
                    + "beside an embedded database"
            )
        }
    }

    private func checkVersion() {
        guard self.spec.environment == .production else { return }
        let version = self.spec.version
        if version == "latest" || version == "local" {
            self.refuse(
                ["spec", "version"],
                .environment,
                "version must be a release such as 1.2.3 in Production, not latest or local"
            )
        }
        if version == nil, self.spec.components.contains(where: { $0.spec.image == nil }) {
            self.refuse(
                ["spec", "version"],
                .environment,
                "version is required in Production, unless every component names its own image"
            )
        }
        for (name, component) in self.spec.components {
            guard let image = component.image, ImageReference(image)?.isMutable ?? false else { continue }
            self.refuse(
                ["spec", .member(name.rawValue), "image"],
                .environment,
                "image must have a tag other than latest and local, or a digest, in Production"
            )
        }
    }

    // MARK: - Secrets and database

    private func checkSecretKeys() {
        guard case .from(let sources) = self.spec.secrets.source else { return }
        let known = self.secretKeys.map(\.key)
        let message =
            self.rules.backend.isUserDefined
            ? "contract fastapi knows the Secret keys that backend.secretKeys lists"
            : "contract \(self.spec.contract.rawValue) knows the Secret keys \(known.joined(separator: ", "))"

        var givenBefore: Set<String> = []
        for (index, source) in sources.enumerated() {
            guard case .mapped(let mappings) = source.keys else { continue }
            for mapping in mappings {
                let path: JSONPath = [
                    "spec", "secrets", "from", .index(index), "keys", .member(mapping.contractKey),
                ]
                if !known.contains(mapping.contractKey) {
                    self.refuse(path, .contract, message)
                } else if !givenBefore.insert(mapping.contractKey).inserted {
                    self.refuse(path, .conflict, "comes from two Secrets")
                }
            }
        }
    }

    private func checkDatabase() {
        guard case .embedded = self.spec.database else { return }
        let path: JSONPath = ["spec", "database", "embedded"]
        if self.spec.environment == .production {
            self.refuse(
                path,
                .environment,
                "an embedded database is for demos; in Production, secrets must bring a DATABASE_URL"
            )
        }
        let databaseKey = self.secretKeys.first { $0.environmentVariable == "DATABASE_URL" }?.key
        switch self.spec.secrets.source {
        case .none:
            break
        case .existing:
            self.refuse(path, .conflict, "an embedded database and secrets.existingSecret exclude each other")
        case .from(let sources):
            let isGiven = sources.contains { source in
                guard case .mapped(let mappings) = source.keys else { return false }
                return mappings.contains { $0.contractKey == databaseKey }
            }
            if isGiven {
                self.refuse(path, .conflict, "an embedded database and a DATABASE_URL from secrets exclude each other")
            }
        }
        if databaseKey == nil {
            self.refuse(path, .contract, "an embedded database needs DATABASE_URL among backend.secretKeys")
        }
    }

    // MARK: - What only contract fastapi leaves to the user

    private func checkUserDefinedFields() {
        let backend = self.spec.backend
        if backend.image == nil, !self.rules.backend.namesImage {
            self.refuse(
                ["spec", "backend", "image"],
                .contract,
                "image is required with contract fastapi, which names none"
            )
        }
        guard !self.rules.backend.isUserDefined else { return }
        let given = [
            ("port", backend.port != nil), ("healthPath", backend.healthPath != nil),
            ("runAsUser", backend.runAsUser != nil), ("secretKeys", !backend.secretKeys.isEmpty),
        ]
        for (field, isGiven) in given where isGiven {
            self.refuse(
                ["spec", "backend", .member(field)],
                .contract,
                "\(field) is the contract's; only contract fastapi leaves it to the user"
            )
        }
    }

    // MARK: - Services

    private func checkServices() {
        for (name, component) in self.spec.components {
            let path: JSONPath = ["spec", .member(name.rawValue), "service"]
            if name == self.spec.frontDoor, let type = component.service.type, self.contradictsExposure(type) {
                self.refuse(path, .conflict, "the front door's service.type contradicts exposure.type")
            }
            let type = self.spec.effectiveServiceType(of: name, rules: self.rules)
            if component.service.nodePort != nil, type != .nodePort {
                self.refuse(path, .conflict, "nodePort is only for a Service of type NodePort")
            }
        }
        if let frontend = self.spec.frontend, let port = frontend.service.nodePort,
            port == self.spec.backend.service.nodePort
        {
            self.refuse(
                ["spec", "frontend", "service", "nodePort"],
                .conflict,
                "backend and frontend cannot share a nodePort"
            )
        }
    }

    /// An Ingress or a route may well stand before a Service of either type.
    private func contradictsExposure(_ type: ServiceType) -> Bool {
        switch self.spec.exposure {
        case .clusterIP: type != .clusterIP
        case .nodePort: type != .nodePort
        case .byEnvironment, .ingress, .httpRoute: false
        }
    }
}
