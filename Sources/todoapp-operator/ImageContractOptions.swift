internal import ArgumentParser
internal import ImageContracts
internal import TodoAppAPI

/// Which image a command is about.
struct ImageContractOptions: ParsableArguments {
    @Option(name: .customLong("contract"), help: "The contract: see `contracts`.")
    var contractName: String

    @Option(name: .customLong("component"), help: "backend or frontend.")
    var componentName: String

    @OptionGroup(title: "What a FastAPI app has otherwise (contract fastapi, backend)")
    var app: FastAPIOptions

    func validate() throws {
        guard ContractName(rawValue: self.contractName) != nil else {
            let known = ContractName.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("there is no contract \"\(self.contractName)\"; there are \(known)")
        }
        guard ComponentName(rawValue: self.componentName) != nil else {
            let known = ComponentName.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("there is no component \"\(self.componentName)\"; there are \(known)")
        }
        let isApps = self.contractName == ContractName.fastapi.rawValue && self.componentName == "backend"
        guard isApps || !self.app.isGiven else {
            throw ValidationError("only the backend of contract fastapi leaves these to the app; leave them out")
        }
    }

    /// What the image must be.
    func contract() throws -> ImageContract {
        // Looked at in `validate`.
        guard let contract = ContractName(rawValue: self.contractName),
            let component = ComponentName(rawValue: self.componentName)
        else { throw ValidationError("there is no such contract or component") }
        return ImageContract.of(contract, component).adapted(to: try self.app.parameters())
    }
}

/// What an app has otherwise than seed 003 presumes.
struct FastAPIOptions: ParsableArguments {
    @Option(help: "The base image. Default: python:3.13-slim.")
    var base: String?

    @Option(help: "Module and variable, as Uvicorn takes them. Default: main:app.")
    var app: String?

    @Option(help: "The port the app listens on. Default: 8000.")
    var port: Int?

    @Option(help: "The path that the health check asks. Default: /health.")
    var healthPath: String?

    @Flag(help: "The app has no health path.")
    var noHealthCheck = false

    @Option(help: "The user and, behind a colon, the group, as numbers. Default: 1000:1000.")
    var user: String?

    @Option(help: "Uvicorn's processes. Default: 1.")
    var workers: Int?

    @Option(help: "A file or folder that holds the app; may be given several times. Default: app and main.py.")
    var source: [String] = []

    @Option(help: "A package that dependencies are compiled with, such as gcc; may be given several times.")
    var buildPackage: [String] = []

    @Option(help: "A variable that holds a secret, and which the image must not set; may be given several times.")
    var secretKey: [String] = []

    /// Whether any of them is there.
    var isGiven: Bool {
        self.base != nil || self.app != nil || self.port != nil || self.healthPath != nil || self.noHealthCheck
            || self.user != nil || self.workers != nil || !self.source.isEmpty || !self.buildPackage.isEmpty
            || !self.secretKey.isEmpty
    }

    func validate() throws {
        _ = try self.parameters()
    }

    /// All of them, each one checked: they get into a Dockerfile, where a stray word would be an instruction.
    func parameters() throws -> ImageParameters {
        var parameters = ImageParameters()
        for (option, value) in [("--base", self.base), ("--app", self.app), ("--health-path", self.healthPath)] {
            guard let value else { continue }
            try Self.check(option, value)
        }
        for (option, values) in [
            ("--source", self.source), ("--build-package", self.buildPackage), ("--secret-key", self.secretKey),
        ] {
            for value in values { try Self.check(option, value) }
        }
        if let port, !(1...65_535).contains(port) { throw ValidationError("--port: from 1 to 65535") }
        if let workers, !(1...64).contains(workers) { throw ValidationError("--workers: from 1 to 64") }
        if let healthPath, !healthPath.hasPrefix("/") { throw ValidationError("--health-path: it begins with /") }
        if self.healthPath != nil, self.noHealthCheck {
            throw ValidationError("--health-path and --no-health-check: one of them")
        }
        (parameters.base, parameters.app, parameters.port) = (self.base, self.app, self.port)
        parameters.workers = self.workers
        (parameters.sources, parameters.buildPackages) = (self.source, self.buildPackage)
        parameters.secretKeys = self.secretKey
        if let healthPath { parameters.healthPath = .some(healthPath) }
        if self.noHealthCheck { parameters.healthPath = .some(nil) }
        parameters.user = try self.user.map(Self.user)
        return parameters
    }

    private static func check(_ option: String, _ value: String) throws {
        let isPlain = value.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || "-._/:@+".utf8.contains(byte)
        }
        guard isPlain, !value.isEmpty, !value.hasPrefix("-"), !value.split(separator: "/").contains("..") else {
            throw ValidationError("\(option): letters, digits and - . _ / : @ + only, and no .. in a path")
        }
    }

    private static func user(_ text: String) throws -> NumericUser {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
        let numbers = parts.compactMap(\.self)
        guard (1...2).contains(parts.count), numbers.count == parts.count,
            numbers.allSatisfy({ (1...65_534).contains($0) })
        else { throw ValidationError("--user: a number from 1 to 65534, or two with a colon between") }
        return NumericUser(uid: numbers[0], gid: numbers.count > 1 ? numbers[1] : nil)
    }
}
