internal import HTTPTransport
internal import JSON
internal import KubernetesAPI

/// A request with its path and query taken apart.
struct APIRequest {
    /// What the path names.
    enum Target {
        /// A document about the server: `/version`, `/apis`.
        case document
        /// The objects of a type, or one of them.
        case objects(SimulatedResource, namespace: String?, name: String?, subresource: String)
    }

    let target: Target
    let verb: SimulatedRequest.Verb
    let path: String
    let query: [String: String]
    let contentType: String
    /// Only metadata are asked for.
    let isMetadataOnly: Bool
    let body: JSONValue?
    /// Under which name the API server notes what is written.
    let fieldManager: String

    init(_ request: HTTPRequest, resources: [SimulatedResource]) throws(APIFailure) {
        let parts = request.target.split(separator: "?", maxSplits: 1)
        self.path = String(parts.first ?? "/")
        self.query = Self.query(parts.count > 1 ? parts[1] : "")
        self.target = try Self.target(self.path, resources)
        self.verb = try Self.verb(request.method, self.target, self.query)
        self.contentType = request.header("Content-Type") ?? ""
        self.isMetadataOnly = request.header("Accept")?.contains("as=PartialObjectMetadata") ?? false
        let agent = request.header("User-Agent") ?? request.header("user-agent") ?? ""
        self.fieldManager = self.query["fieldManager"] ?? String(agent.prefix { $0 != "/" })
        guard let bytes = request.body, !bytes.isEmpty else {
            self.body = nil
            return
        }
        do {
            self.body = try JSONValue(parsing: bytes)
        } catch {
            throw .badRequest("the body cannot be read: \(error)")
        }
    }

    /// What others see of it.
    func summary(user: String) -> SimulatedRequest {
        switch self.target {
        case .document:
            SimulatedRequest(user: user, verb: self.verb, resource: self.path)
        case .objects(let resource, let namespace, let name, let subresource):
            SimulatedRequest(
                user: user,
                verb: self.verb,
                resource: resource.name,
                namespace: namespace,
                name: name ?? "",
                subresource: subresource
            )
        }
    }

    var isDryRun: Bool { self.query["dryRun"] == "All" || self.body?["dryRun"]?.array?.contains("All") == true }

    // MARK: Reading the path

    private static func target(_ path: String, _ resources: [SimulatedResource]) throws(APIFailure) -> Target {
        let steps = path.split(separator: "/").map { Self.decoded($0) }
        let isCore = steps.first == "api"
        let root = isCore ? 2 : 3
        guard isCore || steps.first == "apis", steps.count > root else { return .document }
        let (group, version) = isCore ? ("", steps[1]) : (steps[1], steps[2])
        var rest = steps[root...]
        var namespace: String?
        // `namespaces/x/status` is about the namespace, `namespaces/x/pods` about what is in it.
        if rest.first == "namespaces", rest.count > 2, !["status", "finalize"].contains(rest[rest.startIndex + 2]) {
            namespace = rest[rest.startIndex + 1]
            rest = rest.dropFirst(2)
        }
        let plural = rest.popFirst()
        let resource = resources.first {
            $0.type.group == group && $0.type.version == version && $0.type.plural == plural
        }
        guard let resource, resource.type.isNamespaced || namespace == nil else { throw .noSuchPath }
        let name = rest.popFirst()
        let subresource = rest.popFirst() ?? ""
        guard rest.isEmpty, subresource.isEmpty || (subresource == "status" && resource.hasStatus) else {
            throw .noSuchPath
        }
        guard name == nil || namespace != nil || !resource.type.isNamespaced else { throw .noSuchPath }
        return .objects(resource, namespace: namespace, name: name, subresource: subresource)
    }

    private static func verb(
        _ method: String,
        _ target: Target,
        _ query: [String: String]
    ) throws(APIFailure) -> SimulatedRequest.Verb {
        guard case .objects(_, _, let name, _) = target else {
            guard method == "GET" else { throw .methodNotAllowed(method) }
            return .get
        }
        switch (method, name) {
        case ("GET", nil): return ["true", "1"].contains(query["watch"] ?? "") ? .watch : .list
        case ("GET", .some): return .get
        case ("POST", nil): return .create
        case ("PUT", .some): return .update
        case ("PATCH", .some): return .patch
        case ("DELETE", .some): return .delete
        case ("DELETE", nil): return .deletecollection
        default: throw .methodNotAllowed(method)
        }
    }

    private static func query(_ text: Substring) -> [String: String] {
        var query: [String: String] = [:]
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            query[Self.decoded(parts[0])] = parts.count > 1 ? Self.decoded(parts[1]) : ""
        }
        return query
    }

    /// Undoes percent-encoding.
    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let code = UInt8(String(Substring(rest.prefix(2))), radix: 16) {
                bytes.append(code)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
