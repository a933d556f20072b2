internal import JSON

/// Which objects a list or a watch is about.
struct ObjectFilter: Sendable {
    /// What a label must be.
    private enum Rule: Sendable {
        case oneOf(String, Set<String>)
        case noneOf(String, Set<String>)
        case exists(String)
        case absent(String)

        func holds(_ labels: JSONValue?) -> Bool {
            switch self {
            case .oneOf(let key, let values): labels?[key]?.string.map(values.contains) ?? false
            case .noneOf(let key, let values): !(labels?[key]?.string.map(values.contains) ?? false)
            case .exists(let key): labels?[key] != nil
            case .absent(let key): labels?[key] == nil
            }
        }
    }

    private var namespace: String?
    private var labels: [Rule] = []
    private var fields: [(path: [String], value: String, isEqual: Bool)] = []

    /// Whether a selector leaves objects out, so that nobody knows how many remain.
    var isSelective: Bool { !self.labels.isEmpty || !self.fields.isEmpty }

    /// What a request for a collection asks for.
    init(_ resource: SimulatedResource, namespace: String?, _ request: APIRequest) throws(APIFailure) {
        self.namespace = namespace
        for term in Self.terms(request.query["labelSelector"] ?? "") {
            self.labels.append(try Self.labelRule(term))
        }
        let fieldSelector = request.query["fieldSelector"] ?? ""
        for term in Self.terms(fieldSelector) {
            let isEqual = !term.contains("!=")
            let parts = term.split(separator: isEqual ? "=" : "!=", maxSplits: 1, omittingEmptySubsequences: true)
            guard let path = parts.first else { throw .badRequest("invalid field selector: \(fieldSelector)") }
            guard resource.selectableFields.contains(String(path)) else {
                throw .badRequest("field label not supported: \(path)")
            }
            let value = parts.count > 1 ? parts[1].drop { $0 == "=" } : ""
            self.fields.append((path.split(separator: ".").map(String.init), String(value), isEqual))
        }
    }

    /// Whether an object is meant.
    func admits(_ object: JSONValue) -> Bool {
        let metadata = object["metadata"]
        if let namespace, metadata?["namespace"]?.string != namespace { return false }
        return self.labels.allSatisfy { $0.holds(metadata?["labels"]) }
            && self.fields.allSatisfy { field in
                let value = field.path.reduce(object as JSONValue?) { $0?[$1] }?.string ?? ""
                return (value == field.value) == field.isEqual
            }
    }

    // MARK: Reading

    /// The parts between the commas that stand in no parenthesis.
    private static func terms(_ text: String) -> [String] {
        var (terms, depth) = ([""], 0)
        for character in text {
            if character == "(" { depth += 1 }
            if character == ")" { depth -= 1 }
            if character == ",", depth == 0 {
                terms.append("")
            } else {
                terms[terms.count - 1].append(character)
            }
        }
        return terms.map { String($0.drop(while: \.isWhitespace)) }.filter { !$0.isEmpty }
    }

    private static func labelRule(_ term: String) throws(APIFailure) -> Rule {
        let words = term.split(whereSeparator: { $0 == " " || $0 == "(" || $0 == ")" || $0 == "," }).map(String.init)
        if words.count > 1, words[1] == "in" { return .oneOf(words[0], Set(words.dropFirst(2))) }
        if words.count > 1, words[1] == "notin" { return .noneOf(words[0], Set(words.dropFirst(2))) }
        guard words.count == 1, let word = words.first else {
            throw .badRequest("unable to parse requirement: \(term)")
        }
        if word.hasPrefix("!") { return .absent(String(word.dropFirst())) }
        guard let sign = word.firstIndex(where: { $0 == "=" || $0 == "!" }) else { return .exists(word) }
        let value = String(word[sign...].drop { $0 == "=" || $0 == "!" })
        let key = String(word[..<sign])
        return word[sign] == "!" ? .noneOf(key, [value]) : .oneOf(key, [value])
    }
}
