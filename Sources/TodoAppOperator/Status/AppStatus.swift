public import JSON
public import KubernetesAPI
internal import TodoAppAPI

/// The whole status of a TodoApp, judged from what was seen: a pure function, so that the same facts always give the same
/// status and nothing is written where nothing changed.
public struct AppStatus: Sendable {
    /// What is judged.
    public struct Facts: Sendable {
        /// The TodoApp's metadata.
        public var metadata: ObjectMeta
        /// The status it has now; `nil` before the first one.
        public var former: JSONValue?
        /// The effective spec; `nil` where the spec is invalid.
        public var app: EffectiveApp?
        /// What came of making the children.
        public var sync: SyncResult
        /// The components.
        public var components: [ComponentStatus]
        /// Where the app is reached.
        public var endpoints: [Endpoint]
        /// Seconds since 1970.
        public var now: Double
        /// The operator's own version.
        public var operatorVersion: String

        /// Facts by their parts.
        public init(
            metadata: ObjectMeta,
            former: JSONValue?,
            app: EffectiveApp?,
            sync: SyncResult,
            components: [ComponentStatus],
            endpoints: [Endpoint],
            now: Double,
            operatorVersion: String
        ) {
            self.metadata = metadata
            self.former = former
            self.app = app
            self.sync = sync
            self.components = components
            self.endpoints = endpoints
            self.now = now
            self.operatorVersion = operatorVersion
        }
    }

    /// The status as it is to stand in the API server.
    public let json: JSONValue
    /// The conditions in it.
    public let conditions: ConditionSet

    /// Judges the facts.
    public init(_ facts: Facts) {
        let judgement = Judgement(facts)
        var conditions = ConditionSet(
            former: facts.former,
            generation: facts.metadata.generation,
            now: Timestamp.text(facts.now)
        )
        for verdict in judgement.verdicts {
            conditions.add(verdict.type, verdict.status, verdict.reason, verdict.message)
        }
        var json: JSONValue = [
            "observedGeneration": .integer(facts.metadata.generation),
            "summary": .string(judgement.summary),
            "conditions": conditions.json,
            "operatorVersion": .string(facts.operatorVersion),
        ]
        var components = JSONObject()
        for component in facts.components {
            components[component.name.rawValue] = component.json
        }
        json["components"] = components.isEmpty ? nil : .object(components)
        if let app = facts.app {
            json["endpoints"] = .array(facts.endpoints.map(\.json))
            json["effective"] = app.effectiveStatus
        } else {
            // An invalid spec changes nothing that runs, and so nothing of what it became.
            for kept in ["endpoints", "effective"] {
                json[kept] = facts.former?[kept]
            }
        }
        json["lastKnownGood"] = Self.lastKnownGood(facts, ready: conditions["Ready"])
        json["lastHandledRestartAt"] =
            facts.sync.handledRestart.map { .string($0) } ?? facts.former?["lastHandledRestartAt"]
        self.json = json
        self.conditions = conditions
    }
}

/// A place where the app is reached.
public struct Endpoint: Sendable, Equatable {
    /// Whence it can be reached.
    public enum Scope: String, Sendable, Equatable {
        /// From outside the cluster.
        case external = "External"
        /// From pods of the cluster.
        case `internal` = "Internal"
    }

    /// What is reached there.
    public var name: String
    /// Whence.
    public var scope: Scope
    /// The URL.
    public var url: String

    /// An endpoint by its parts.
    public init(name: String, scope: Scope, url: String) {
        self.name = name
        self.scope = scope
        self.url = url
    }

    var json: JSONValue {
        ["name": .string(self.name), "scope": .string(self.scope.rawValue), "url": .string(self.url)]
    }
}
