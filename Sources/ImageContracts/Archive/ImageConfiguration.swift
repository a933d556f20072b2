internal import JSON

/// What an image says of itself: what runs, and how it was made.
struct ImageConfiguration: Sendable {
    var user: String
    var environment: [(name: String, value: String)]
    var entrypoint: [String]?
    var command: [String]?
    var workingDirectory: String
    /// `8000/tcp`, sorted.
    var ports: [String]
    var labels: [String: String]
    var healthCheck: HealthCheckFact?
    /// What made each layer, empty ones among them.
    var history: [String]
    /// The digests of the layers' unpacked tars; `nil` where it does not say.
    var layerDigests: [String]?

    /// Reads the configuration of either format: both have the same fields.
    init(_ document: JSONValue) throws(ArchiveError) {
        guard document.object != nil else { throw .isBroken("the image's configuration is no object") }
        let config = document["config"]
        self.user = config?["User"]?.string ?? ""
        self.environment = strings(config?["Env"]).map { variable in
            let parts = variable.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
        }
        self.entrypoint = config?["Entrypoint"]?.array.map { _ in strings(config?["Entrypoint"]) }
        self.command = config?["Cmd"]?.array.map { _ in strings(config?["Cmd"]) }
        self.workingDirectory = config?["WorkingDir"]?.string ?? ""
        self.ports = (config?["ExposedPorts"]?.object?.keys ?? []).map { $0.contains("/") ? $0 : "\($0)/tcp" }.sorted()
        self.labels = config?["Labels"]?.stringMembers ?? [:]
        self.healthCheck = config?["Healthcheck"].flatMap(Self.healthCheck)
        self.history = (document["history"]?.array ?? []).map { $0["created_by"]?.string ?? "" }
        self.layerDigests = document["rootfs"]?["diff_ids"].map { strings($0) }
    }

    /// Docker counts in nanoseconds, and zero is what it does by default.
    private static func healthCheck(_ check: JSONValue) -> HealthCheckFact? {
        let test = strings(check["Test"])
        guard let kind = test.first else { return nil }
        guard kind != "NONE" else { return .off }
        func seconds(_ field: String, _ standard: Double) -> Double {
            let value = check[field]?.double ?? 0
            return value == 0 ? standard : value / 1_000_000_000
        }
        let retries = check["Retries"]?.integer ?? 0
        return .runs(
            kind == "CMD-SHELL" ? .shell(test.dropFirst().joined(separator: " ")) : .list(Array(test.dropFirst())),
            interval: seconds("Interval", 30),
            timeout: seconds("Timeout", 30),
            startPeriod: seconds("StartPeriod", 0),
            retries: retries == 0 ? 3 : Int(clamping: retries)
        )
    }

    /// The same facts that a Dockerfile has.
    func facts(format: ImageArchive.Format, accounts: Accounts) -> ImageFacts {
        var facts = ImageFacts()
        facts.accounts = accounts
        if !self.user.isEmpty { facts.user = ImageFacts.Fact(self.user, at: .configuration("User")) }
        facts.ports = self.ports.map { ImageFacts.Fact($0, at: .configuration("ExposedPorts")) }
        if let entrypoint, !entrypoint.isEmpty {
            facts.entrypoint = ImageFacts.Fact(.list(entrypoint), at: .configuration("Entrypoint"))
        }
        if let command, !command.isEmpty {
            facts.command = ImageFacts.Fact(.list(command), at: .configuration("Cmd"))
        }
        facts.workingDirectory = ImageFacts.Fact(self.workingDirectory, at: .configuration("WorkingDir"))
        facts.environment = self.environment.map { ImageFacts.Fact($0, at: .configuration("Env")) }
        facts.labels = self.labels
        facts.healthCheck = self.healthCheck.map { ImageFacts.Fact($0, at: .configuration("Healthcheck")) }
        facts.canTellHealthCheck = format == .docker
        return facts
    }
}

/// The strings of a list; what is none is left out.
private func strings(_ value: JSONValue?) -> [String] {
    (value?.array ?? []).compactMap(\.string)
}
