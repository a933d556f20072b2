internal import JSON
internal import KubernetesAPI

extension APIServerState {
    /// A page of a list: of the state that is asked for, and of one state from the first page to the last.
    func list(
        _ resource: SimulatedResource,
        namespace: String?,
        _ request: APIRequest
    ) throws(APIFailure) -> JSONValue {
        let filter = try ObjectFilter(resource, namespace: namespace, request)
        let options = try ListOptions(request)
        let state = try self.state(of: resource, for: options)
        let found = state.objects.sorted { order($0.key) < order($1.key) }.filter { key, object in
            (options.token.map { order(key) > $0.after } ?? true) && filter.admits(object)
        }
        let page = options.limit > 0 ? found.prefix(options.limit) : found[...]
        var metadata: JSONValue = ["resourceVersion": .string("\(state.version)")]
        if page.count < found.count, let last = page.last {
            metadata["continue"] = .string(ContinueToken(version: state.version, after: order(last.key)).text)
            if !filter.isSelective { metadata["remainingItemCount"] = JSONValue(found.count - page.count) }
        }
        let kind = resource.type.kind
        return [
            "kind": .string(request.isMetadataOnly ? "PartialObjectMetadataList" : "\(kind)List"),
            "apiVersion": .string(request.isMetadataOnly ? "meta.k8s.io/v1" : resource.type.apiVersion),
            "metadata": metadata,
            "items": .array(page.map { Self.item($0.value, resource, metadataOnly: request.isMetadataOnly) }),
        ]
    }

    /// The objects at the version that the options ask for.
    private func state(
        of resource: SimulatedResource,
        for options: ListOptions
    ) throws(APIFailure) -> (objects: [ObjectKey: JSONValue], version: Int) {
        let current = self.store.version
        if let token = options.token {
            guard token.version >= 0 else { return (self.store.objects(resource.name), current) }
            guard let objects = self.store.objects(resource.name, at: token.version) else {
                throw .continueTooOld(goOnWith: ContinueToken(version: -1, after: token.after).text)
            }
            return (objects, token.version)
        }
        if case .some(let version) = options.version, version > current {
            throw .versionTooLarge(version, current: current)
        }
        guard options.isExact, let version = options.version else {
            return (self.store.objects(resource.name), current)
        }
        guard let objects = self.store.objects(resource.name, at: version) else { throw .listTooOld }
        return (objects, version)
    }

    /// Items of built-in types do not name their type.
    private static func item(_ object: JSONValue, _ resource: SimulatedResource, metadataOnly: Bool) -> JSONValue {
        var item = Self.shown(object, as: resource, metadataOnly: metadataOnly)
        guard !resource.isCustom, !metadataOnly else { return item }
        item["apiVersion"] = nil
        item["kind"] = nil
        return item
    }
}

/// By what a list is sorted, and where its next page begins.
private func order(_ key: ObjectKey) -> String {
    "\(key.namespace ?? "")/\(key.name)"
}

/// What a list is asked for beside its selectors.
private struct ListOptions {
    var limit = 0
    var token: ContinueToken?
    /// `nil` for the latest state.
    var version: Int?
    var isExact = false

    init(_ request: APIRequest) throws(APIFailure) {
        let (text, match) = (request.query["resourceVersion"] ?? "", request.query["resourceVersionMatch"] ?? "")
        self.limit = (request.query["limit"]).flatMap { Int($0) } ?? 0
        if let continueText = request.query["continue"], !continueText.isEmpty {
            guard text.isEmpty || text == "0" else {
                throw .badRequest("specifying resource version is not allowed when using continue")
            }
            guard let token = ContinueToken(text: continueText) else { throw .badRequest("continue key is not valid") }
            self.token = token
        }
        guard match.isEmpty || !text.isEmpty else {
            let rule = "Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided"
            throw .invalidListOption("resourceVersionMatch", rule, reason: "FieldValueForbidden")
        }
        guard ["", "Exact", "NotOlderThan"].contains(match) else {
            let rule = "Unsupported value: \"\(match)\": supported values: \"Exact\", \"NotOlderThan\", \"\""
            throw .invalidListOption("resourceVersionMatch", rule, reason: "FieldValueNotSupported")
        }
        guard match != "Exact" || text != "0" else {
            let rule = "Forbidden: resourceVersionMatch \"Exact\" is forbidden for resourceVersion \"0\""
            throw .invalidListOption("resourceVersionMatch", rule, reason: "FieldValueForbidden")
        }
        guard !text.isEmpty else { return }
        guard let version = Int(text) else { throw .badRequest("Invalid value: \"\(text)\": invalid resource version") }
        self.version = version
        self.isExact = match == "Exact" || (match.isEmpty && self.limit > 0 && version > 0)
        // Any state will do: it comes from the cache, which knows no pages.
        if version == 0 { self.limit = 0 }
    }
}

/// Where the next page of a list begins.
private struct ContinueToken {
    /// The state of the list; less than 0 for whatever is there by then.
    var version: Int
    /// The last object of the page before.
    var after: String

    init(version: Int, after: String) {
        self.version = version
        self.after = after
    }

    init?(text: String) {
        guard
            let bytes = Base64.decode(text),
            let json = try? JSONValue(parsing: bytes),
            let version = json["rv"]?.integer,
            let after = json["start"]?.string
        else { return nil }
        self.init(version: Int(version), after: after)
    }

    var text: String {
        let json: JSONValue = [
            "v": "meta.k8s.io/v1", "rv": JSONValue(self.version), "start": .string(self.after),
        ]
        return Base64.encode(json.bytes())
    }
}
