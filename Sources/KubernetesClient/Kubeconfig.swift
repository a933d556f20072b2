internal import JSON
internal import KubernetesAPI
internal import YAML

/// One or several kubeconfig files, merged as kubectl does: of two entries of the same name the first one counts.
public struct Kubeconfig: Sendable {
    /// A named part of a file: a cluster, a user or a context, with where it stands, for messages and relative paths.
    struct Entry: Sendable {
        let file: String
        /// For example `clusters[0].cluster`.
        let field: String
        let value: JSONValue
    }

    let files: [String]
    private(set) var currentContext = ""
    private(set) var clusters: [String: Entry] = [:]
    private(set) var users: [String: Entry] = [:]
    private(set) var contexts: [String: Entry] = [:]

    /// Reads the files.
    ///
    /// - Parameters:
    ///   - paths: The files, the first of which wins.
    ///   - skipMissing: Pass over files that do not exist, as `KUBECONFIG` may name some; one must be there.
    public static func read(
        _ paths: [String],
        skipMissing: Bool = false
    ) throws(ClusterConnectionError) -> Kubeconfig {
        var contents: [(path: String, bytes: [UInt8])] = []
        for path in paths {
            do throws(FileReadError) {
                contents.append((path, try FileContent.read(path)))
            } catch {
                if skipMissing, error.why == "no such file" { continue }
                throw .fileUnreadable(path: path, why: error.why)
            }
        }
        guard !contents.isEmpty else { throw .noSuchFiles(paths) }
        var merged = Kubeconfig(files: contents.map(\.path))
        for (path, bytes) in contents {
            try merged.merge(path: path, bytes: bytes)
        }
        return merged
    }

    init(files: [String]) {
        self.files = files
    }

    mutating func merge(path: String, bytes: [UInt8]) throws(ClusterConnectionError) {
        let documents: [YAMLDocument]
        do {
            documents = try YAML.documents(in: bytes)
        } catch {
            throw .malformed(path: path, why: "\(error)")
        }
        guard let root = documents.first?.value else { throw .malformed(path: path, why: "the file is empty") }
        guard documents.count == 1 else { throw .malformed(path: path, why: "more than one document") }
        guard root.object != nil else {
            throw .malformed(path: path, why: "not a kubeconfig: expected an object, found \(root.kindName)")
        }
        if let kind = root["kind"], kind != "Config" {
            throw .invalidField(path: path, field: "kind", rule: "must be Config")
        }
        if self.currentContext.isEmpty {
            self.currentContext = root["current-context"]?.string ?? ""
        }
        try mergeEntries(of: root, "clusters", holding: "cluster", path: path, into: &self.clusters)
        try mergeEntries(of: root, "users", holding: "user", path: path, into: &self.users)
        try mergeEntries(of: root, "contexts", holding: "context", path: path, into: &self.contexts)
    }
}

private func mergeEntries(
    of root: JSONValue,
    _ list: String,
    holding member: String,
    path: String,
    into entries: inout [String: Kubeconfig.Entry]
) throws(ClusterConnectionError) {
    guard let value = root[list], !value.isNull else { return }
    guard let elements = value.array else {
        throw .invalidField(path: path, field: list, rule: "must be a list, found \(value.kindName)")
    }
    for (index, element) in elements.enumerated() {
        guard let name = element["name"]?.string, !name.isEmpty else {
            throw .invalidField(path: path, field: "\(list)[\(index)].name", rule: "must be a name")
        }
        let field = "\(list)[\(index)].\(member)"
        let content = element[member] ?? .object(JSONObject())
        guard content.object != nil || content.isNull else {
            throw .invalidField(path: path, field: field, rule: "must be an object, found \(content.kindName)")
        }
        if entries[name] == nil {
            entries[name] = Kubeconfig.Entry(file: path, field: field, value: content)
        }
    }
}

// MARK: - Fields of an entry

extension Kubeconfig.Entry {
    /// A member that is a string; empty where it is not there.
    func string(_ name: String) throws(ClusterConnectionError) -> String {
        guard let value = self.value[name], !value.isNull else { return "" }
        guard let string = value.string else { throw self.invalid(name, "must be a string, found \(value.kindName)") }
        return string
    }

    /// A member that is true or false; false where it is not there.
    func bool(_ name: String) throws(ClusterConnectionError) -> Bool {
        guard let value = self.value[name], !value.isNull else { return false }
        guard let bool = value.bool else { throw self.invalid(name, "must be true or false, found \(value.kindName)") }
        return bool
    }

    /// A member that is a list of strings; empty where it is not there.
    func strings(_ name: String) throws(ClusterConnectionError) -> [String] {
        guard let value = self.value[name], !value.isNull else { return [] }
        guard let elements = value.array else { throw self.invalid(name, "must be a list, found \(value.kindName)") }
        var strings: [String] = []
        for element in elements {
            guard let string = element.string else { throw self.invalid(name, "must be a list of strings") }
            strings.append(string)
        }
        return strings
    }

    /// Bytes that stand in the file as base64 (`NAME-data`), or in a file of their own (`NAME`); the data wins, as with
    /// kubectl.
    ///
    /// `nil` where neither is there.
    func bytes(_ name: String) throws(ClusterConnectionError) -> [UInt8]? {
        let data = try self.string("\(name)-data")
        if !data.isEmpty {
            guard let bytes = Base64.decode(data) else { throw self.invalid("\(name)-data", "is not base64") }
            return bytes
        }
        guard let path = try self.path(name) else { return nil }
        do throws(FileReadError) {
            return try FileContent.read(path)
        } catch {
            throw self.invalid(name, "\(path): \(error.why)")
        }
    }

    /// The file that a member's bytes come from; `nil` where they stand in the kubeconfig itself.
    func rotatedFile(_ name: String) throws(ClusterConnectionError) -> String? {
        try self.string("\(name)-data").isEmpty ? self.path(name) : nil
    }

    /// A member that is a path, relative to the kubeconfig's own folder; `nil` where it is not there.
    func path(_ name: String) throws(ClusterConnectionError) -> String? {
        let path = try self.string(name)
        guard !path.isEmpty else { return nil }
        if path.hasPrefix("/") { return path }
        guard let slash = self.file.lastIndex(of: "/") else { return path }
        return self.file[...slash] + path
    }

    /// The error that says what is wrong with a member.
    func invalid(_ name: String, _ rule: String) -> ClusterConnectionError {
        .invalidField(path: self.file, field: "\(self.field).\(name)", rule: rule)
    }
}
