internal import JSON
internal import KubernetesAPI

/// A program that a kubeconfig names to get a credential from (client-go's credential plugins, `v1` and `v1beta1`).
struct ExecPlugin: Sendable, Equatable {
    /// The version of the protocol that is spoken with it.
    enum Version: String, Sendable, CaseIterable {
        case v1 = "client.authentication.k8s.io/v1"
        case v1beta1 = "client.authentication.k8s.io/v1beta1"
    }

    /// Where it stands, for messages: file and field.
    let origin: String
    let version: Version
    let command: String
    let arguments: [String]
    /// On top of the process's own environment.
    let environment: [String: String]
    /// What to tell people who have not installed it; may be empty.
    let installHint: String
    /// What it is told about the cluster; `nil` where it does not ask for that.
    let cluster: JSONValue?

    /// The kind of the object that goes in and comes out.
    static let kind = "ExecCredential"

    /// What is run: the protocol's one variable comes on top of those of the kubeconfig.
    var program: Program {
        var spec: JSONValue = ["interactive": false]
        if let cluster = self.cluster {
            spec["cluster"] = cluster
        }
        let information: JSONValue = [
            "apiVersion": .string(self.version.rawValue), "kind": .string(Self.kind), "spec": spec,
        ]
        return Program(
            command: self.command,
            arguments: self.arguments,
            environment: self.environment.merging(["KUBERNETES_EXEC_INFO": information.text()]) { _, own in own }
        )
    }
}

// MARK: - From a kubeconfig

extension Kubeconfig.Entry {
    /// The plugin of a user; `nil` where there is none.
    ///
    /// - Parameter cluster: What it is told about if it wants to know.
    func execPlugin(cluster: Kubeconfig.Entry) throws(ClusterConnectionError) -> ExecPlugin? {
        guard let value = self.value["exec"], !value.isNull else { return nil }
        guard value.object != nil else { throw self.invalid("exec", "must be an object, found \(value.kindName)") }
        let entry = Kubeconfig.Entry(file: self.file, field: "\(self.field).exec", value: value)
        let version = ExecPlugin.Version(rawValue: try entry.string("apiVersion"))
        guard let version else {
            let known = ExecPlugin.Version.allCases.map(\.rawValue).joined(separator: " or ")
            throw entry.invalid("apiVersion", "must be \(known)")
        }
        let command = try entry.string("command")
        guard !command.isEmpty else { throw entry.invalid("command", "must name a program") }
        try entry.checkInteractiveMode(version)
        // Not `? … : nil`, which would be JSON's null.
        var information: JSONValue?
        if try entry.bool("provideClusterInfo") {
            information = try cluster.execClusterInfo()
        }
        return ExecPlugin(
            origin: "\(entry.file): \(entry.field)",
            version: version,
            command: entry.resolved(command: command),
            arguments: try entry.strings("args"),
            environment: try entry.execEnvironment(),
            installHint: try entry.string("installHint"),
            cluster: information
        )
    }

    private func checkInteractiveMode(_ version: ExecPlugin.Version) throws(ClusterConnectionError) {
        switch (try self.string("interactiveMode"), version) {
        case ("Never", _), ("IfAvailable", _), ("", .v1beta1):
            break
        case ("Always", _):
            throw self.invalid("interactiveMode", "is Always, but there is no terminal at which anybody could be asked")
        default:
            throw self.invalid("interactiveMode", "must be Never or IfAvailable")
        }
    }

    /// A name is looked up in PATH; a path is relative to the kubeconfig's own folder, as everywhere in it.
    private func resolved(command: String) -> String {
        guard command.contains("/"), !command.hasPrefix("/"), let slash = self.file.lastIndex(of: "/") else {
            return command
        }
        return self.file[...slash] + command
    }

    private func execEnvironment() throws(ClusterConnectionError) -> [String: String] {
        guard let value = self.value["env"], !value.isNull else { return [:] }
        guard let elements = value.array else { throw self.invalid("env", "must be a list, found \(value.kindName)") }
        var environment: [String: String] = [:]
        for (index, element) in elements.enumerated() {
            guard let name = element["name"]?.string, !name.isEmpty, !name.contains("=") else {
                throw self.invalid("env[\(index)].name", "must be a variable's name")
            }
            environment[name] = element["value"]?.string ?? ""
        }
        return environment
    }

    /// `spec.cluster` of the object that goes in: what is needed to talk to the cluster.
    private func execClusterInfo() throws(ClusterConnectionError) -> JSONValue {
        var info: JSONValue = ["server": .string(try self.string("server"))]
        for member in ["tls-server-name", "proxy-url"] {
            let text = try self.string(member)
            if !text.isEmpty { info[member] = .string(text) }
        }
        if try self.bool("insecure-skip-tls-verify") {
            info["insecure-skip-tls-verify"] = true
        }
        if let authority = try self.bytes("certificate-authority") {
            info["certificate-authority-data"] = .string(Base64.encode(authority))
        }
        // What somebody put into the kubeconfig for the plugin alone.
        let extensions = self.value["extensions"]?.array ?? []
        let own = extensions.first { $0["name"]?.string == "client.authentication.k8s.io/exec" }
        if let config = own?["extension"] {
            info["config"] = config
        }
        return info
    }
}
