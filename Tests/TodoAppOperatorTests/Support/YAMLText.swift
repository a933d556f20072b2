import JSON

/// Manifests as YAML documents, for people to read and for golden files to hold.
///
/// Strings are always quoted, so that nothing can be taken for something else; none of the samples' needs an escape.
func yamlText(_ manifests: [JSONValue]) -> String {
    manifests.map { "---\n" + lines($0, indent: "").joined(separator: "\n") + "\n" }.joined()
}

private func lines(_ value: JSONValue, indent: String) -> [String] {
    switch value {
    case .object(let members) where !members.isEmpty:
        return members.flatMap { member in
            isBlock(member.value)
                ? ["\(indent)\(member.key):"] + lines(member.value, indent: indent + "  ")
                : ["\(indent)\(member.key): \(scalar(member.value))"]
        }
    case .array(let elements) where !elements.isEmpty:
        return elements.flatMap { element in
            guard isBlock(element) else { return ["\(indent)- \(scalar(element))"] }
            let block = lines(element, indent: indent + "  ")
            let first = block.prefix(1).map { "\(indent)- \($0.dropFirst(indent.count + 2))" }
            return first + block.dropFirst()
        }
    default:
        return ["\(indent)\(scalar(value))"]
    }
}

private func isBlock(_ value: JSONValue) -> Bool {
    switch value {
    case .object(let members): !members.isEmpty
    case .array(let elements): !elements.isEmpty
    default: false
    }
}

private func scalar(_ value: JSONValue) -> String {
    switch value {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .number(let value): value.text
    case .string(let text): "\"\(text)\""
    case .array: "[]"
    case .object: "{}"
    }
}
