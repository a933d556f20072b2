import JSON

/// A CustomResourceDefinition as a page for people: each field with its type, what it says, and its rules.
struct APIReference {
    private let apiVersion: String
    private let properties: JSONValue

    /// `nil` where the object is no CustomResourceDefinition.
    init?(definition: JSONValue) {
        guard
            let group = definition["spec"]?["group"]?.string,
            let version = definition["spec"]?["versions"]?.array?.first,
            let name = version["name"]?.string,
            let properties = version["schema"]?["openAPIV3Schema"]?["properties"]
        else { return nil }
        self.apiVersion = "\(group)/\(name)"
        self.properties = properties
    }

    var markdown: String {
        guard let spec = self.properties["spec"], let status = self.properties["status"] else { return "" }
        let components = ["backend", "frontend"]
        let backend = spec["properties"]?["backend"] ?? .null
        return """
            # API reference: `\(self.apiVersion)`, kind `TodoApp`

            Written from `crds/todo.taskflow.dev_todoapps.yaml`; `UPDATE_DOCS=1 swift test --filter APIReferenceTests` writes it
            anew. `kubectl explain todoapp.spec --recursive` says the same. Fields without a rule of their own have the type's.

            ## spec

            \(Self.table(of: spec, leavingOut: components))

            ## spec.backend, spec.frontend

            A frontend has no `port`, `healthPath`, `runAsUser` and `secretKeys`.

            \(Self.table(of: backend, leavingOut: []))

            ## status

            \(Self.table(of: status, leavingOut: []))

            """
    }

    private static func table(of schema: JSONValue, leavingOut children: [String]) -> String {
        var rows = ["| field | type | what it says | rules |", "|---|---|---|---|"]
        let own = Self.rules(of: schema)
        if !own.isEmpty {
            rows.append("| | | | \(own) |")
        }
        rows += Self.rows(of: schema, path: "", leavingOut: children)
        return rows.joined(separator: "\n")
    }

    /// A row for each field, and below it those of its own fields.
    private static func rows(of schema: JSONValue, path: String, leavingOut children: [String] = []) -> [String] {
        let required = Set((schema["required"]?.array ?? []).compactMap(\.string))
        return (schema["properties"]?.object ?? JSONObject()).flatMap { member -> [String] in
            let (name, field) = (member.key, member.value)
            let items = field["items"] ?? .null
            let fieldPath = "\(path)\(name)"
            var rules = Self.rules(of: field)
            if required.contains(name) { rules = rules.isEmpty ? "required" : "required; \(rules)" }
            let row = "| `\(fieldPath)` | \(Self.type(of: field)) | \(Self.description(of: field)) | \(rules) |"
            guard !children.contains(name) else { return [row] }
            return [row] + Self.rows(of: field, path: "\(fieldPath).") + Self.rows(of: items, path: "\(fieldPath)[].")
        }
    }

    private static func description(of field: JSONValue) -> String {
        Self.escaped(field["description"]?.string ?? field["items"]?["description"]?.string ?? "")
    }

    private static func type(of field: JSONValue) -> String {
        if field["x-kubernetes-int-or-string"] == .bool(true) { return "number or string" }
        switch field["type"]?.string {
        case "array"?: return "list of \(Self.type(of: field["items"] ?? .null))"
        case "object"?:
            return field["additionalProperties"].map { "map of \(Self.type(of: $0))" } ?? "object"
        case let type?: return type
        case nil: return "any"
        }
    }

    private static func rules(of field: JSONValue) -> String {
        var rules: [String] = []
        if let values = field["enum"]?.array {
            rules.append("one of " + values.compactMap(\.string).map { "`\($0)`" }.joined(separator: ", "))
        }
        switch (field["minimum"]?.integer, field["maximum"]?.integer) {
        case (let least?, let most?): rules.append("\(least) to \(most)")
        case (let least?, nil): rules.append("at least \(least)")
        case (nil, let most?): rules.append("at most \(most)")
        case (nil, nil): break
        }
        if let most = field["maxLength"]?.integer { rules.append("at most \(most) characters") }
        if let most = field["maxItems"]?.integer { rules.append("at most \(most) entries") }
        if let most = field["maxProperties"]?.integer { rules.append("at most \(most) entries") }
        rules += (field["x-kubernetes-validations"]?.array ?? []).compactMap { $0["message"]?.string }.map(Self.escaped)
        return rules.joined(separator: "; ")
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("|", with: "\\|").replacing("\n", with: " ").replacing("<", with: "&lt;")
    }
}
