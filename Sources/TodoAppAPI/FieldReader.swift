internal import JSON
internal import KubernetesAPI

/// A value of a manifest that knows where it stands.
///
/// Each method gives the value in its Swift type, or writes down what is wrong with it and gives `nil`, so that one
/// reading finds everything.
struct FieldReader {
    let value: JSONValue
    let path: JSONPath
    let log: ViolationLog

    /// Writes down a violation at this field.
    func refuse(_ rule: Violation.Rule, _ message: String) {
        self.log.add(self.path, rule, message)
    }

    /// A text of this syntax.
    func text(_ syntax: TextSyntax) -> String? {
        guard let text = self.value.string else {
            // YAML takes 1.10, 8000 and yes for something else than text, which nobody expects who meets it first.
            switch self.value {
            case .integer, .number, .bool: return self.refuseType("a string", hint: "; put it in quotes")
            default: return self.refuseType("a string")
            }
        }
        return self.check(text, syntax) ? text : nil
    }

    /// A whole number within bounds.
    func integer(in range: ClosedRange<Int64>) -> Int64? {
        guard let number = self.value.integer else { return self.refuseType("an integer") }
        guard range.contains(number) else {
            self.refuse(.outOfRange, "must be from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return number
    }

    /// One of two things, by a truth value.
    func choice<Value>(whenTrue: Value, whenFalse: Value) -> Value? {
        guard let value = self.value.bool else { return self.refuseType("a boolean") }
        return value ? whenTrue : whenFalse
    }

    /// One of the cases there are.
    func oneOf<Choice: RawRepresentable<String> & CaseIterable>(_: Choice.Type = Choice.self) -> Choice? {
        guard let text = self.value.string else { return self.refuseType("a string") }
        if let choice = Choice(rawValue: text) {
            return choice
        }
        let names = Choice.allCases.map(\.rawValue)
        let suggestion = Suggestion.clause(for: text, among: names)
        self.refuse(.notAllowed, "must be one of \(names.joined(separator: ", "))\(suggestion)")
        return nil
    }

    /// An amount that is not below zero.
    func quantity() -> Quantity? {
        let text: String
        switch self.value {
        case .string(let value): text = value
        case .integer(let value): text = "\(value)"
        default: return self.refuseType("a quantity in quotes or an integer")
        }
        guard let quantity = Quantity(text), !quantity.isNegative else {
            self.refuse(.malformed, "must be a quantity such as 250m or 1Gi")
            return nil
        }
        return quantity
    }

    /// The elements, those left out that are wrong.
    func array<Element>(atMost maxCount: Int, _ read: (FieldReader) -> Element?) -> [Element] {
        guard let elements = self.value.array else { return self.refuseType("an array") ?? [] }
        guard elements.count <= maxCount else {
            self.refuse(.outOfRange, "must have at most \(maxCount) entries")
            return []
        }
        return elements.enumerated().compactMap { index, element in
            read(FieldReader(value: element, path: self.path.appending(index), log: self.log))
        }
    }

    /// A map with names that the user chooses, in the user's order; those entries left out that are wrong.
    func map<Value>(
        atMost maxCount: Int,
        names: TextSyntax,
        _ read: (FieldReader) -> Value?
    ) -> [(name: String, value: Value)] {
        guard let members = self.value.object else { return self.refuseType("an object") ?? [] }
        guard members.count <= maxCount else {
            self.refuse(.outOfRange, "must have at most \(maxCount) entries")
            return []
        }
        return members.compactMap { member in
            let field = FieldReader(value: member.value, path: self.path.appending(member.key), log: self.log)
            guard field.check(member.key, names) else { return nil }
            return read(field).map { (member.key, $0) }
        }
    }

    /// An object with the fields that `read` asks for; every other field is unknown.
    func object<Value>(_ read: (inout ObjectReader) -> Value?) -> Value? {
        guard let members = self.value.object else { return self.refuseType("an object") }
        var reader = ObjectReader(members: members, path: self.path, log: self.log)
        let value = read(&reader)
        reader.refuseUnknownFields()
        return value
    }

    /// Asks only for an object, with whatever fields.
    func requireObject() {
        guard self.value.object == nil else { return }
        _ = self.refuseType("an object") as JSONValue?
    }

    /// Asks for one text and no other.
    func requireText(_ wanted: String) {
        guard self.value.string != wanted else { return }
        self.refuse(.notAllowed, "must be \(wanted)")
    }

    /// A member of an object whose other members are nobody's business here.
    func member(_ name: String) -> FieldReader? {
        self.value[name].map { FieldReader(value: $0, path: self.path.appending(name), log: self.log) }
    }

    private func check(_ text: String, _ syntax: TextSyntax) -> Bool {
        guard text.unicodeScalars.count <= syntax.maxLength else {
            self.refuse(.outOfRange, "must be at most \(syntax.maxLength) characters long")
            return false
        }
        guard syntax.matches(text) else {
            self.refuse(.malformed, syntax.sentence)
            return false
        }
        return true
    }

    private func refuseType<Value>(_ wanted: String, hint: String = "") -> Value? {
        let found =
            switch self.value {
            case .null: "null"
            case .array, .integer, .object: "an \(self.value.kindName)"
            case .bool, .number, .string: "a \(self.value.kindName)"
            }
        self.refuse(.wrongType, "must be \(wanted), found \(found)\(hint)")
        return nil
    }
}

/// An object of a manifest, and which of its fields were asked for.
struct ObjectReader {
    let members: JSONObject
    let path: JSONPath
    let log: ViolationLog
    private var known: [String] = []

    init(members: JSONObject, path: JSONPath, log: ViolationLog) {
        self.members = members
        self.path = path
        self.log = log
    }

    /// A field, if it is there.
    mutating func field(_ name: String) -> FieldReader? {
        self.known.append(name)
        guard let value = self.members[name] else { return nil }
        return FieldReader(value: value, path: self.path.appending(name), log: self.log)
    }

    /// A field that must be there.
    mutating func required(_ name: String) -> FieldReader? {
        guard let field = self.field(name) else {
            self.log.add(self.path.appending(name), .missing, "is required")
            return nil
        }
        return field
    }

    /// A truth value that is false where it is left out.
    mutating func flag(_ name: String) -> Bool {
        self.field(name)?.choice(whenTrue: true, whenFalse: false) ?? false
    }

    /// Writes down every field that nobody asked for.
    func refuseUnknownFields() {
        for name in self.members.keys where !self.known.contains(name) {
            let suggestion = Suggestion.clause(for: name, among: self.known)
            self.log.add(self.path.appending(name), .unknownField, "unknown field\(suggestion)")
        }
    }
}
