internal import TodoAppAPI
internal import TodoAppOperator

/// Holds an image against a contract.
public struct ImageCheck: Sendable {
    /// Settings that are no part of the contract.
    public struct Options: Sendable {
        /// Texts that must be nowhere in the image.
        public var canaries: [String] = []
        /// How many of the lowest layers are the base image's; `nil` where nobody says.
        public var baseLayers: Int?
        /// How much is read.
        public var limits = ArchiveLimits()

        /// No canaries, unknown base.
        public init() {}
    }

    /// What was found, and what was measured.
    public struct Result: Sendable {
        /// Everything that there is to say.
        public var findings: [Finding]
        /// Bytes of the files of each layer, the lowest first.
        public var layerSizes: [Int64]

        /// Bytes of all layers' files, unpacked.
        public var size: Int64 { self.layerSizes.reduce(0, +) }
    }

    let contract: ImageContract
    let options: Options

    /// A check against this contract.
    public init(against contract: ImageContract, options: Options = Options()) {
        (self.contract, self.options) = (contract, options)
    }

    /// Reads all layers of an image, once.
    ///
    /// - Throws: ``ArchiveError`` for an archive that is broken or hostile.
    public func result(of image: ImageArchive) throws(ArchiveError) -> Result {
        var scan = LayerScan(
            contract: self.contract,
            canaries: self.options.canaries,
            limits: self.options.limits
        )
        for index in image.layers.indices {
            try scan.read(try image.layer(index))
        }
        let facts = image.configuration.facts(format: image.format, accounts: scan.accounts)
        var findings = RuntimeRules(contract: self.contract, facts: facts).findings()
        findings += self.secrets(of: image.configuration)
        findings += self.size(scan.layerSizes) + self.layerCount(scan.layerSizes.count)
        findings += scan.suspects.compactMap(\.told)
        if scan.isCutShort {
            let message = "there is more than the \(self.options.limits.findings) files that are told here"
            findings.append(Finding(.secretContent, message, level: .warning))
        }
        return Result(findings: findings, layerSizes: scan.layerSizes)
    }

    // MARK: - Configuration

    private func secrets(of configuration: ImageConfiguration) -> [Finding] {
        var findings: [Finding] = []
        for (name, value) in configuration.environment where !value.isEmpty {
            let place = Finding.Place.configuration("Env \(ImagePath.shown(name))")
            if self.isSecret(name) {
                findings.append(Finding(.secretInEnvironment, "\(ImagePath.shown(name)) has a value", at: place))
            } else if let secret = SecretShape.found(in: value) {
                findings.append(Finding(.secretInEnvironment, "it holds \(secret)", at: place))
            }
        }
        for (index, line) in configuration.history.enumerated() {
            let place = Finding.Place.history(index + 1)
            if let name = Self.arguments(of: line).first(where: { self.isSecret($0) }) {
                findings.append(
                    Finding(.secretInArgument, "build argument \(ImagePath.shown(name)) is kept here", at: place)
                )
            }
            if let secret = SecretShape.found(in: line) {
                findings.append(Finding(.secretInText, "it holds \(secret)", at: place))
            }
        }
        for (number, canary) in self.options.canaries.enumerated() where !canary.isEmpty {
            let texts =
                configuration.history + configuration.environment.map(\.value) + Array(configuration.labels.values)
                + (configuration.command ?? []) + (configuration.entrypoint ?? [])
            guard texts.contains(where: { $0.firstRange(of: canary) != nil }) else { continue }
            let message = "it holds the text of --canary number \(number + 1)"
            findings.append(Finding(.canary, message, at: .configuration("history, Env, Labels or Cmd")))
        }
        return findings
    }

    private func isSecret(_ variable: String) -> Bool {
        self.contract.secretVariables.contains(variable) || SecretNames.isSecret(variable: variable)
    }

    /// The build arguments of a line of history: Docker writes `|2 A=1 B=2 /bin/sh -c …`, and `ARG A=1` for itself.
    private static func arguments(of line: String) -> [String] {
        var words = line.split(separator: " ")[...]
        if words.first?.hasPrefix("|") == true {
            let count = Int(words.removeFirst().dropFirst()) ?? 0
            return words.prefix(max(0, count)).map { String($0.prefix { $0 != "=" }) }
        }
        guard let arg = words.firstIndex(of: "ARG"), arg - words.startIndex <= 3 else { return [] }
        return words[(arg + 1)...].prefix(1).map { String($0.prefix { $0 != "=" }) }
    }

    // MARK: - Size

    private func size(_ layers: [Int64]) -> [Finding] {
        guard let limit = self.contract.runtime.imageSizeLimit.value else { return [] }
        let allowed = Int64(limit.megabytes) * 1_000_000
        let whole = layers.reduce(0, +)
        guard limit.excludesBase else {
            guard whole > allowed else { return [] }
            return [Finding(.imageSize, "it has \(megabytes(whole)), the contract allows \(limit.megabytes) MB")]
        }
        guard let base = self.options.baseLayers else {
            guard whole > allowed else { return [] }
            let message =
                "it has \(megabytes(whole)), the contract allows \(limit.megabytes) MB beyond the base; "
                + "--base-archive or --base-layers says which layers these are"
            return [Finding(.imageSize, message, level: .note)]
        }
        let own = layers.dropFirst(base).reduce(0, +)
        guard own > allowed else { return [] }
        let message = "it has \(megabytes(own)) beyond its base, the contract allows \(limit.megabytes) MB"
        return [Finding(.imageSize, message)]
    }

    private func layerCount(_ count: Int) -> [Finding] {
        guard let limit = self.contract.layerLimit.value, count > limit else { return [] }
        return [Finding(.layerCount, "it has \(count) layers, the contract says \(limit) at most")]
    }
}

/// `123 MB`, or with a digit behind the point below ten.
func megabytes(_ bytes: Int64) -> String {
    let tenths = (bytes + 50_000) / 100_000
    return tenths < 100 ? "\(tenths / 10).\(tenths % 10) MB" : "\((bytes + 500_000) / 1_000_000) MB"
}
