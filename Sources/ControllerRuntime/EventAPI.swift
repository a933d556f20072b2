internal import JSON
internal import KubernetesAPI
internal import KubernetesClient

/// In which form the API server takes events; which ones it does is found out by discovery.
enum EventAPI: Sendable, Equatable, CaseIterable {
    /// Since Kubernetes 1.19.
    case v1
    /// Before that.
    case v1beta1
    /// The oldest: every server has it.
    case core

    var resource: ResourceType {
        switch self {
        case .v1: ResourceType(group: "events.k8s.io", version: "v1", plural: "events", kind: "Event")
        case .v1beta1: ResourceType(group: "events.k8s.io", version: "v1beta1", plural: "events", kind: "Event")
        case .core: ResourceType(group: "", version: "v1", plural: "events", kind: "Event")
        }
    }

    /// The newest form that a server has.
    ///
    /// - Throws: `KubernetesClientError` where it does not say.
    static func served(by client: KubernetesClient) async throws(KubernetesClientError) -> EventAPI {
        for api in [EventAPI.v1, .v1beta1] {
            if try await client.serves(api.resource) { return api }
        }
        return .core
    }

    /// Who tells, and under which name.
    struct Source: Sendable {
        var controller: String
        var instance: String
    }

    /// A new event.
    ///
    /// - Parameter seconds: The time, since 1970.
    func event(_ note: EventNote, name: String, namespace: String, source: Source, at seconds: Double) -> JSONValue {
        var object: JSONValue = [
            "apiVersion": .string(note.regarding.apiVersion),
            "kind": .string(note.regarding.kind),
            "name": .string(note.regarding.key.name),
            "uid": .string(note.regarding.uid),
        ]
        object["namespace"] = note.regarding.key.namespace.map { .string($0) }
        var event: JSONValue = [
            "apiVersion": .string(self.resource.apiVersion),
            "kind": .string(self.resource.kind),
            "metadata": ["name": .string(name), "namespace": .string(namespace)],
            "type": .string(note.kind.rawValue),
            "reason": .string(note.reason),
            "action": .string(note.action),
            "reportingInstance": .string(source.instance),
        ]
        switch self {
        case .v1, .v1beta1:
            event["eventTime"] = .string(microTime(seconds))
            event["reportingController"] = .string(source.controller)
            event["note"] = .string(cut(note.note))
            event["regarding"] = object
        case .core:
            event["firstTimestamp"] = .string(wholeTime(seconds))
            event["lastTimestamp"] = .string(wholeTime(seconds))
            event["count"] = 1
            event["source"] = ["component": .string(source.controller)]
            event["reportingComponent"] = .string(source.controller)
            event["message"] = .string(cut(note.note))
            event["involvedObject"] = object
        }
        return event
    }

    /// The patch that says that an event has come again.
    func repetition(count: Int, at seconds: Double) -> JSONValue {
        switch self {
        case .v1, .v1beta1:
            ["series": ["count": JSONValue(count), "lastObservedTime": .string(microTime(seconds))]]
        case .core:
            ["count": JSONValue(count), "lastTimestamp": .string(wholeTime(seconds))]
        }
    }
}

/// The API's limit for a note, in bytes.
private let longestNote = 1024

private func cut(_ note: String) -> String {
    guard note.utf8.count > longestNote else { return note }
    var kept = ""
    for character in note where kept.utf8.count + character.utf8.count <= longestNote - 3 {
        kept.append(character)
    }
    return kept + "..."
}
