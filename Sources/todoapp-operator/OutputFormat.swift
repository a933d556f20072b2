internal import ArgumentParser
internal import JSON
internal import YAML

/// In which form a command prints objects.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case yaml
    case json

    /// Several objects: YAML documents, or one JSON list of the kind that kubectl applies.
    func text(of objects: [JSONValue]) -> String {
        switch self {
        case .yaml:
            YAML.text(ofDocuments: objects)
        case .json:
            JSONValue.object(
                JSONObject(uniqueMembers: [
                    .init(key: "apiVersion", value: "v1"),
                    .init(key: "kind", value: "List"),
                    .init(key: "items", value: .array(objects)),
                ])
            ).text(.pretty) + "\n"
        }
    }

    /// One value.
    func text(of value: JSONValue) -> String {
        switch self {
        case .yaml: YAML.text(of: value)
        case .json: value.text(.pretty) + "\n"
        }
    }
}
