internal import JSON

/// Who else writes a field that the operator owns, by the API server's books.
///
/// Whoever changes a field's value becomes its one owner there. Who takes a field away leaves no trace of it.
enum Rival {
    /// The manager that owns a field now; `nil` if it is the operator or nobody.
    ///
    /// - Parameters:
    ///   - object: The live object with its `managedFields`.
    ///   - path: The field's path in the wanted manifest.
    ///   - wanted: The wanted manifest, by which elements of lists are found.
    static func name(in object: JSONValue, at path: JSONPath, of wanted: JSONValue, except manager: String) -> String? {
        let entries = object["metadata"]?["managedFields"]?.array ?? []
        let owners = entries.filter { entry in
            entry["manager"]?.string != manager && owns(entry["fieldsV1"] ?? .null, path.steps[...], of: wanted)
        }
        // An RFC 3339 time in UTC sorts as text.
        let last = owners.max { ($0["time"]?.string ?? "") < ($1["time"]?.string ?? "") }
        return last?["manager"]?.string
    }

    /// Whether the operator stands in an object's books at all.
    static func isKnown(_ manager: String, in object: JSONValue) -> Bool {
        (object["metadata"]?["managedFields"]?.array ?? []).contains { $0["manager"]?.string == manager }
    }
}

private func owns(_ fields: JSONValue, _ steps: ArraySlice<JSONPath.Step>, of wanted: JSONValue) -> Bool {
    guard let step = steps.first else { return true }
    switch step {
    case .member(let name):
        guard let below = fields["f:\(name)"] else { return false }
        // Nothing below: the field is owned as one value.
        return below.object?.isEmpty != false || owns(below, steps.dropFirst(), of: wanted[name] ?? .null)
    case .index(let index):
        guard let element = wanted[index] else { return false }
        for member in fields.object ?? JSONObject() {
            guard let (kind, key) = listKey(member.key) else { continue }
            switch kind {
            case .value where key == element: return true
            case .keys where isElement(element, called: key):
                return owns(member.value, steps.dropFirst(), of: element)
            case .value, .keys: continue
            }
        }
        return false
    }
}

private enum ListKey {
    case value
    case keys
}

/// `v:VALUE` or `k:{…}`, by which an entry of the books names an element of a list.
private func listKey(_ text: String) -> (ListKey, JSONValue)? {
    guard let value = try? JSONValue(parsing: String(text.dropFirst(2))) else { return nil }
    if text.hasPrefix("v:") { return (.value, value) }
    if text.hasPrefix("k:") { return (.keys, value) }
    return nil
}

private func isElement(_ element: JSONValue, called key: JSONValue) -> Bool {
    (key.object ?? JSONObject()).allSatisfy { member in
        // What the wanted element leaves out is the API server's default.
        element[member.key].map { $0 == member.value } ?? true
    }
}
