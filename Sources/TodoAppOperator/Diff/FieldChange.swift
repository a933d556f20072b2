internal import JSON

/// A field of a live object that the operator would change.
struct FieldChange: Sendable, Equatable {
    /// What would become of it.
    enum Kind: Sendable, Equatable {
        case added(JSONValue)
        case changed(from: JSONValue, to: JSONValue)
        case removed(JSONValue)
    }

    /// Where it is; elements of lists are called by their names where they have some.
    let path: String
    /// What would become of it.
    let kind: Kind

    /// All fields of a live object that an apply would change.
    ///
    /// - Parameters:
    ///   - live: The object with its `managedFields`: only these tell which of the fields that are no longer wanted are the
    ///     operator's to take away.
    ///   - wanted: All that is wanted of it.
    static func all(from live: JSONValue, to wanted: JSONValue, manager: String) -> [FieldChange] {
        let changes = live.differences(from: wanted, equivalent: areEquivalent).map { difference in
            FieldChange(
                path: label(difference.path.steps, in: wanted),
                kind: difference.live.map { .changed(from: $0, to: difference.wanted) } ?? .added(difference.wanted)
            )
        }
        return changes + removals(from: live, wanted: wanted, manager: manager)
    }
}

/// A path for people: `containers[backend].env[LOG_LEVEL].value` says more than numbers do.
private func label(_ steps: [JSONPath.Step], in value: JSONValue) -> String {
    var text = ""
    var current: JSONValue? = value
    for step in steps {
        switch step {
        case .member(let key):
            let name = JSONPath([step]).description
            text += text.isEmpty || name.hasPrefix("[") ? name : ".\(name)"
            current = current?[key]
        case .index(let index):
            current = current?[index]
            text += "[\(current?["name"]?.string ?? "\(index)")]"
        }
    }
    return text
}

// MARK: - What goes away

/// The fields that the operator applied and no longer wants.
private func removals(from live: JSONValue, wanted: JSONValue, manager: String) -> [FieldChange] {
    let entries = (live["metadata"]?["managedFields"]?.array ?? []).filter { entry in
        entry["manager"]?.string == manager && (entry["subresource"]?.string ?? "").isEmpty
    }
    var removals: [FieldChange] = []
    for entry in entries {
        collect(entry["fieldsV1"] ?? .null, live: live, wanted: wanted, at: [], top: live, into: &removals)
    }
    return removals
}

private func collect(
    _ fields: JSONValue,
    live: JSONValue,
    wanted: JSONValue,
    at steps: [JSONPath.Step],
    top: JSONValue,
    into removals: inout [FieldChange]
) {
    for field in fields.object ?? JSONObject() {
        guard let (step, next) = place(field.key, live: live, wanted: wanted) else { continue }
        let path = steps + [step]
        guard let old = live[JSONPath([step])] else { continue }
        if let next {
            collect(field.value, live: old, wanted: next, at: path, top: top, into: &removals)
        } else {
            removals.append(FieldChange(path: label(path, in: top), kind: .removed(old)))
        }
    }
}

/// Where a key of `fieldsV1` leads to: `f:NAME` to a member, `k:{…}` to the element with these members.
///
/// All other keys are about the object or list itself.
private func place(_ key: String, live: JSONValue, wanted: JSONValue) -> (JSONPath.Step, JSONValue?)? {
    let name = String(key.dropFirst(2))
    if key.hasPrefix("f:") {
        // What is empty is not stored, and so is nothing that goes away.
        return (.member(name), wanted[name])
    }
    guard key.hasPrefix("k:"), let keys = try? JSONValue(parsing: name).object else { return nil }
    func hasKeys(_ element: JSONValue) -> Bool {
        keys.allSatisfy { (element[$0.key] ?? ($0.key == "protocol" ? "TCP" : .null)) == $0.value }
    }
    guard let index = live.array?.firstIndex(where: hasKeys) else { return nil }
    return (.index(index), wanted.array?.first(where: hasKeys))
}
