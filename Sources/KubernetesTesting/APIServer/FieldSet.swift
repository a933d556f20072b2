internal import JSON

/// A set of an object's fields, as `metadata.managedFields` writes it: a tree whose branches are `f:spec` for a member,
/// `k:{"name":"web"}` for an element of a list with keys, `v:"text"` for one of a set.
struct FieldSet: Sendable, Equatable {
    /// Whether the field itself is in the set, and not only some beneath it.
    var isMember = false
    /// What is beneath; no branch is empty.
    private(set) var children: [String: FieldSet] = [:]

    /// Whether there is nothing in it.
    var isEmpty: Bool { !self.isMember && self.children.isEmpty }

    /// The branch of that name; an empty one is not kept.
    subscript(element: String) -> FieldSet {
        get { self.children[element] ?? FieldSet() }
        set { self.children[element] = newValue.isEmpty ? nil : newValue }
    }

    /// The one field itself.
    static let field = FieldSet(isMember: true)

    // MARK: Sets

    func union(_ other: FieldSet) -> FieldSet {
        var result = self
        result.isMember = self.isMember || other.isMember
        for (element, branch) in other.children {
            result[element] = self[element].union(branch)
        }
        return result
    }

    func subtracting(_ other: FieldSet) -> FieldSet {
        var result = self
        result.isMember = self.isMember && !other.isMember
        for (element, branch) in other.children where self.children[element] != nil {
            result[element] = self[element].subtracting(branch)
        }
        return result
    }

    func intersection(_ other: FieldSet) -> FieldSet {
        var result = FieldSet(isMember: self.isMember && other.isMember)
        for (element, branch) in self.children where other.children[element] != nil {
            result[element] = branch.intersection(other[element])
        }
        return result
    }

    // MARK: Text

    /// The set that an entry of `managedFields` writes down.
    init(fieldsV1 json: JSONValue) {
        let members = json.object ?? JSONObject()
        self.isMember = members.isEmpty || members["."] != nil
        for member in members where member.key != "." {
            self.children[member.key] = FieldSet(fieldsV1: member.value)
        }
    }

    init(isMember: Bool = false) {
        self.isMember = isMember
    }

    /// The set as an entry of `managedFields` writes it.
    var fieldsV1: JSONValue {
        var members = JSONObject()
        if self.isMember, !self.children.isEmpty {
            members["."] = [:]
        }
        for (element, branch) in self.children.sorted(by: { $0.key < $1.key }) {
            members[element] = branch.fieldsV1
        }
        return .object(members)
    }

    /// All members as a conflict names them: `.spec.containers[name="web"].image`.
    var paths: [String] {
        let beneath = self.children.sorted { $0.key < $1.key }.flatMap { element, branch in
            branch.paths.map { Self.step(element) + $0 }
        }
        return (self.isMember ? [""] : []) + beneath
    }

    private static func step(_ element: String) -> String {
        let text = element.dropFirst(2)
        guard element.hasPrefix("k:"), let keys = (try? JSONValue(parsing: Array(text.utf8)))?.object else {
            return element.hasPrefix("f:") ? ".\(text)" : "[=\(text)]"
        }
        return "[" + keys.map { "\($0.key)=\($0.value.text())" }.joined(separator: ",") + "]"
    }
}
