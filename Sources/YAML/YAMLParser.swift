internal import JSON

/// Reading and writing YAML as far as it stands for JSON, by the rules of `kubectl`.
public enum YAML {
    /// Reads all documents of a stream; documents without content are passed over.
    ///
    /// JSON is YAML too, but for a few things that YAML's reader does not take, such as surrogate pairs; so that what
    /// starts as an object and is not YAML is tried as JSON.
    public static func documents(
        in bytes: [UInt8],
        limits: YAMLLimits = .standard
    ) throws(YAMLError) -> [YAMLDocument] {
        guard bytes.count <= limits.size else {
            throw .limit(.size, of: limits.size, at: YAMLLocation(line: 1, column: 1))
        }
        var parser = YAMLParser(bytes, limits: limits)
        do {
            return try parser.documents()
        } catch {
            guard case .syntax = error, let value = Self.json(bytes, limits: limits) else { throw error }
            return [YAMLDocument(root: YAMLNode(value: value, location: YAMLLocation(line: 1, column: 1)))]
        }
    }

    /// Reads all documents of a stream; see ``documents(in:limits:)-([UInt8],_)``.
    public static func documents(
        in text: String,
        limits: YAMLLimits = .standard
    ) throws(YAMLError) -> [YAMLDocument] {
        try self.documents(in: Array(text.utf8), limits: limits)
    }

    private static func json(_ bytes: [UInt8], limits: YAMLLimits) -> JSONValue? {
        guard bytes.first(where: { $0 > 0x20 }) == UInt8(ascii: "{") else { return nil }
        return try? JSONValue(
            parsing: bytes,
            limits: JSONLimits(depth: limits.depth, duplicateKeys: .rejected)
        )
    }
}

/// Makes nodes out of libyaml's events.
struct YAMLParser {
    private enum Anchor {
        /// Its node has begun and not ended.
        case open
        case complete(YAMLNode)
    }

    private static let tagPrefix = "tag:yaml.org,2002:"

    private let reader: YAMLEventReader
    private let limits: YAMLLimits
    private var anchors: [String: Anchor] = [:]
    private var aliasedNodes = 0
    private var depth = 0

    init(_ bytes: [UInt8], limits: YAMLLimits) {
        self.reader = YAMLEventReader(bytes)
        self.limits = limits
    }

    mutating func documents() throws(YAMLError) -> [YAMLDocument] {
        var documents: [YAMLDocument] = []
        while true {
            let event = try self.reader.next()
            switch event.kind {
            case .streamEnd:
                return documents
            case .documentStart:
                guard documents.count < self.limits.documents else {
                    throw .limit(.documents, of: self.limits.documents, at: event.location)
                }
                self.anchors = [:]
                self.aliasedNodes = 0
            case .documentEnd:
                break
            default:
                let isEmpty = if case .scalar("", isPlain: true) = event.kind { true } else { false }
                let root = try self.node(event)
                if !isEmpty {
                    documents.append(YAMLDocument(root: root))
                }
            }
        }
    }

    private mutating func node(_ event: YAMLEvent) throws(YAMLError) -> YAMLNode {
        if let anchor = event.anchor, !event.isAlias {
            self.anchors[anchor] = .open
        }
        let node: YAMLNode
        switch event.kind {
        case .alias(let name): return try self.alias(name, event)
        case .scalar(let text, let isPlain): node = try self.scalar(text, isPlain: isPlain, event)
        case .sequenceStart: node = try self.sequence(event)
        case .mappingStart: node = try self.mapping(event)
        // libyaml gives no other event where a value is due.
        default: throw .syntax(problem: "expected a value", at: event.location)
        }
        if let anchor = event.anchor {
            self.anchors[anchor] = .complete(node)
        }
        return node
    }

    private mutating func alias(_ name: String, _ event: YAMLEvent) throws(YAMLError) -> YAMLNode {
        guard case .complete(var node) = self.anchors[name] else {
            throw .unknownAnchor(name, at: event.location)
        }
        self.aliasedNodes += node.count
        guard self.aliasedNodes <= self.limits.aliasedNodes else {
            throw .limit(.aliasedNodes, of: self.limits.aliasedNodes, at: event.location)
        }
        guard self.depth + node.height <= self.limits.depth else {
            throw .limit(.depth, of: self.limits.depth, at: event.location)
        }
        node.location = event.location
        return node
    }

    private func scalar(_ text: String, isPlain: Bool, _ event: YAMLEvent) throws(YAMLError) -> YAMLNode {
        // The tag `!` asks for a string.
        guard let tag = event.tag, tag != "!" else {
            guard let value = isPlain && event.tag == nil ? YAMLScalar.plain(text) : .string(text) else {
                throw .invalidScalar(text, expected: "a number that JSON has", at: event.location)
            }
            return YAMLNode(value: value, location: event.location)
        }
        guard tag.hasPrefix(Self.tagPrefix), let type = YAMLScalar.Tag(rawValue: Self.shortName(tag)) else {
            throw .unsupportedTag(tag, at: event.location)
        }
        guard let value = YAMLScalar.tagged(type, text) else {
            throw .invalidScalar(text, expected: "of type !!\(type.rawValue)", at: event.location)
        }
        return YAMLNode(value: value, location: event.location)
    }

    private mutating func sequence(_ start: YAMLEvent) throws(YAMLError) -> YAMLNode {
        try self.enter(start, tag: "seq")
        defer { self.depth -= 1 }
        var children: [YAMLNode] = []
        while true {
            let event = try self.reader.next()
            if case .sequenceEnd = event.kind { break }
            children.append(try self.node(event))
        }
        return YAMLNode(
            value: .array(children.map(\.value)),
            location: start.location,
            children: children,
            count: children.reduce(1) { $0 + $1.count },
            height: 1 + (children.map(\.height).max() ?? 0)
        )
    }

    private mutating func mapping(_ start: YAMLEvent) throws(YAMLError) -> YAMLNode {
        try self.enter(start, tag: "map")
        defer { self.depth -= 1 }
        var builder = YAMLMappingBuilder()
        while true {
            let key = try self.reader.next()
            if case .mappingEnd = key.kind { break }
            if key.isMergeKey {
                try builder.merge(try self.node(try self.reader.next()))
            } else {
                let name = try self.keyName(key)
                try builder.set(name, to: try self.node(try self.reader.next()), at: key.location)
            }
        }
        return builder.node(at: start.location)
    }

    /// A key as the string that it becomes in JSON.
    private mutating func keyName(_ event: YAMLEvent) throws(YAMLError) -> String {
        switch try self.node(event).value {
        case .string(let text): return text
        case .bool(let value): return value ? "true" : "false"
        case .integer(let value): return "\(value)"
        case .number(let value): return value.text
        case .null, .array, .object: throw .invalidKey(at: event.location)
        }
    }

    private mutating func enter(_ event: YAMLEvent, tag: String) throws(YAMLError) {
        if let found = event.tag, found != "\(Self.tagPrefix)\(tag)", found != "!" {
            throw .unsupportedTag(found, at: event.location)
        }
        guard self.depth < self.limits.depth else {
            throw .limit(.depth, of: self.limits.depth, at: event.location)
        }
        self.depth += 1
    }

    private static func shortName(_ tag: String) -> String {
        String(tag.dropFirst(self.tagPrefix.count))
    }
}

extension YAMLEvent {
    fileprivate var isAlias: Bool {
        if case .alias = self.kind { true } else { false }
    }

    fileprivate var isMergeKey: Bool {
        guard case .scalar("<<", let isPlain) = self.kind else { return false }
        return isPlain && self.tag == nil || self.tag == "tag:yaml.org,2002:merge"
    }
}
