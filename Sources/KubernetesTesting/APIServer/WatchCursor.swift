internal import JSON
internal import KubernetesAPI

/// How far a watch has come.
struct WatchCursor {
    let resource: SimulatedResource
    let filter: ObjectFilter
    let isMetadataOnly: Bool
    let allowsBookmarks: Bool
    /// When the client wants it to end, in seconds; 0 for whenever the server likes.
    let timeoutSeconds: Int
    /// All changes up to this version have been sent.
    var version: Int
    /// What is sent before any change.
    var first: [JSONValue] = []
    /// Whether the stream ends behind what is sent first: it began too late.
    var isOver = false
}

extension APIServerState {
    /// What a watch is to send next.
    enum WatchNews {
        case events([JSONValue])
        case nothing
        /// The changes that the reader has not had yet are forgotten.
        case fellBehind
    }

    /// Begins a watch.
    func cursor(
        _ resource: SimulatedResource,
        namespace: String?,
        _ request: APIRequest
    ) throws(APIFailure) -> WatchCursor {
        let text = request.query["resourceVersion"] ?? ""
        let sendsInitialEvents = try self.sendsInitialEvents(request)
        guard let wanted = text.isEmpty ? 0 : Int(text) else {
            throw .badRequest("Invalid value: \"\(text)\": invalid resource version")
        }
        var cursor = WatchCursor(
            resource: resource,
            filter: try ObjectFilter(resource, namespace: namespace, request),
            isMetadataOnly: request.isMetadataOnly,
            allowsBookmarks: request.query["allowWatchBookmarks"] == "true",
            timeoutSeconds: (request.query["timeoutSeconds"]).flatMap { Int($0) } ?? 0,
            version: wanted
        )
        let oldest = self.store.oldestVersion(of: resource.name)
        if sendsInitialEvents || wanted == 0 {
            guard wanted <= self.store.version else {
                throw .versionTooLarge(wanted, current: self.store.version)
            }
            cursor.version = self.store.version
            cursor.first = self.objectsAsEvents(cursor)
            if sendsInitialEvents {
                cursor.first.append(self.bookmark(cursor, endsInitialEvents: true))
            }
        } else if wanted < oldest {
            cursor.first = [["type": "ERROR", "object": APIFailure.watchTooOld(wanted, oldest: oldest).status]]
            cursor.isOver = true
        }
        return cursor
    }

    private func sendsInitialEvents(_ request: APIRequest) throws(APIFailure) -> Bool {
        let isAsked = request.query["sendInitialEvents"] == "true"
        let match = request.query["resourceVersionMatch"] ?? ""
        switch self.options.watchList {
        case .ignored:
            return false
        case .refused:
            guard match.isEmpty else {
                let rule = "Forbidden: resourceVersionMatch is forbidden for watch"
                throw .invalidListOption("resourceVersionMatch", rule, reason: "FieldValueForbidden")
            }
            return false
        case .served:
            guard isAsked == (match == "NotOlderThan") else {
                let rule =
                    "Forbidden: sendInitialEvents requires resourceVersionMatch NotOlderThan, and the other way round"
                throw .invalidListOption("resourceVersionMatch", rule, reason: "FieldValueForbidden")
            }
            return isAsked
        }
    }

    private func objectsAsEvents(_ cursor: WatchCursor) -> [JSONValue] {
        let objects = self.store.objects(cursor.resource.name).filter { cursor.filter.admits($0.value) }
        return objects.sorted { $0.key.description < $1.key.description }.map { _, object in
            Self.event("ADDED", object, cursor)
        }
    }

    /// What has happened since; the cursor moves on.
    func news(for cursor: inout WatchCursor) -> WatchNews {
        if !cursor.first.isEmpty {
            defer { cursor.first = [] }
            return .events(cursor.first)
        }
        guard let changes = self.store.changes(of: cursor.resource.name, after: cursor.version) else {
            return .fellBehind
        }
        let selected = cursor
        let events = changes.compactMap { Self.event(for: $0, selected) }
        cursor.version = max(cursor.version, self.store.version)
        return events.isEmpty ? .nothing : .events(events)
    }

    /// A bookmark at the cursor; `nil` where the client wants none.
    func bookmark(for cursor: WatchCursor) -> JSONValue? {
        cursor.allowsBookmarks ? self.bookmark(cursor, endsInitialEvents: false) : .none
    }

    private func bookmark(_ cursor: WatchCursor, endsInitialEvents: Bool) -> JSONValue {
        var metadata: JSONValue = ["resourceVersion": .string("\(cursor.version)"), "creationTimestamp": nil]
        if endsInitialEvents {
            metadata["annotations"] = ["k8s.io/initial-events-end": "true"]
        }
        let type = cursor.resource.type
        return [
            "type": "BOOKMARK",
            "object": [
                "kind": .string(type.kind), "apiVersion": .string(type.apiVersion), "metadata": metadata,
            ],
        ]
    }

    /// How a change looks through the selectors: an object may come into the selection, or leave it.
    private static func event(for change: ObjectStore.Change, _ cursor: WatchCursor) -> JSONValue? {
        let old = change.old.flatMap { cursor.filter.admits($0) ? $0 : .none }
        let new = change.new.flatMap { cursor.filter.admits($0) ? $0 : .none }
        switch (old, new) {
        case (nil, nil):
            return nil
        case (nil, let new?):
            return Self.event("ADDED", new, cursor)
        case (.some, let new?):
            return Self.event("MODIFIED", new, cursor)
        case (var last?, nil):
            last["metadata"]?["resourceVersion"] = .string("\(change.version)")
            return Self.event("DELETED", last, cursor)
        }
    }

    private static func event(_ type: String, _ object: JSONValue, _ cursor: WatchCursor) -> JSONValue {
        [
            "type": .string(type),
            "object": Self.shown(object, as: cursor.resource, metadataOnly: cursor.isMetadataOnly),
        ]
    }
}
