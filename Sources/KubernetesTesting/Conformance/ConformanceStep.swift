public import JSON

/// One request of a ``ConformanceScenario``, and what it must get.
///
/// Texts may hold variables: `${ns}` is the scenario's namespace, others are what earlier steps kept.
public struct ConformanceStep: Sendable {
    /// What a place of an answer must hold.
    public enum Expectation: Sendable {
        /// Exactly this; objects may have their members in any order.
        case equal(JSONValue)
        /// Something that is not null.
        case present
        /// Nothing.
        case absent
        /// So many elements.
        case count(Int)
        /// A text with this in it.
        case containing(String)
        /// Books of field owners in which the manager's entry has this path, or has it not.
        case owned(by: String, operation: String, path: [String], Bool)
        /// Books in which the manager's entry of kind `Apply` holds exactly this.
        case applied(by: String, JSONValue)
    }

    /// An event of a watch: its type and the object's name.
    public struct Event: Sendable, Hashable {
        var type: String
        var name: String

        init(_ type: String, _ name: String) {
            self.type = type
            self.name = name
        }
    }

    var method: String
    var path: String
    var body: JSONValue?
    var contentType = "application/json"
    var accept = "application/json"

    var code = 200
    var reason = ""
    /// By place, `metadata.name` or `items.0.metadata.name`.
    var expectations: [(place: String, Expectation)] = []
    /// Names of variables, and from where they are taken.
    var kept: [(variable: String, place: String)] = []
    /// Events that must come in this order; empty for a request that is no watch.
    var events: [Event] = []
    /// Whether it is asked again until it fits, for 20 s: others have to act first.
    var isPatient = false
    /// Whether past states are to be forgotten before; nothing happens where the server cannot be told to.
    var compactsBefore = false

    // MARK: Requests

    static func get(_ path: String) -> Self { Self(method: "GET", path: path) }
    static func post(_ path: String, _ body: JSONValue) -> Self {
        Self(method: "POST", path: path, body: body, code: 201)
    }
    static func put(_ path: String, _ body: JSONValue) -> Self { Self(method: "PUT", path: path, body: body) }
    static func delete(_ path: String, _ options: JSONValue? = nil) -> Self {
        Self(method: "DELETE", path: path, body: options)
    }
    static func merge(_ path: String, _ patch: JSONValue) -> Self {
        Self(method: "PATCH", path: path, body: patch, contentType: PatchKind.merge.rawValue)
    }
    static func patch(_ path: String, _ patch: JSONValue) -> Self {
        Self(method: "PATCH", path: path, body: patch, contentType: PatchKind.json.rawValue)
    }
    static func apply(_ path: String, by manager: String, force: Bool = false, _ manifest: JSONValue) -> Self {
        let query = "?fieldManager=\(manager)" + (force ? "&force=true" : "")
        return Self(
            method: "PATCH",
            path: path + query,
            body: manifest,
            contentType: PatchKind.apply.rawValue
        )
    }
    static func watch(_ path: String, _ events: Event...) -> Self {
        let sign = path.contains("?") ? "&" : "?"
        return Self(method: "GET", path: "\(path)\(sign)watch=true&timeoutSeconds=10", events: events)
    }

    // MARK: What they get

    /// The status code, and the reason where it is a refusal.
    func gets(_ code: Int, _ reason: String = "") -> Self {
        var step = self
        step.code = code
        step.reason = reason
        return step
    }

    func has(_ place: String, _ expectation: Expectation) -> Self {
        var step = self
        step.expectations.append((place, expectation))
        return step
    }

    func has(_ place: String, _ value: JSONValue) -> Self { self.has(place, .equal(value)) }

    func keeps(_ variable: String, _ place: String) -> Self {
        var step = self
        step.kept.append((variable, place))
        return step
    }

    /// Waits until others have acted.
    var eventually: Self {
        var step = self
        step.isPatient = true
        return step
    }

    var afterCompaction: Self {
        var step = self
        step.compactsBefore = true
        return step
    }

    /// Asks for metadata alone.
    func asMetadata(list: Bool) -> Self {
        var step = self
        step.accept = "application/json;as=PartialObjectMetadata\(list ? "List" : "");g=meta.k8s.io;v=v1"
        return step
    }
}
