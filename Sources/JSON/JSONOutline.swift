/// Which parts of a document are wanted: for who looks at a few fields of many large objects.
public struct JSONOutline: Sendable {
    /// What is wanted of each member; a value without members here is wanted whole.
    private var members: [(key: String, outline: JSONOutline)] = []

    private init() {}

    /// The parts at these paths, each with all that lies in it; a path goes on through all elements of an array.
    public init(_ paths: [String]...) {
        for path in paths { self.add(path[...]) }
    }

    private mutating func add(_ path: ArraySlice<String>) {
        guard let key = path.first else { return }
        let index = self.members.firstIndex { $0.key.isSame(as: key) } ?? self.members.count
        if index == self.members.count { self.members.append((key, JSONOutline())) }
        self.members[index].outline.add(path.dropFirst())
    }

    fileprivate var isWhole: Bool { self.members.isEmpty }

    fileprivate subscript(key: String) -> JSONOutline? {
        self.members.first { $0.key.isSame(as: key) }?.outline
    }
}

extension PackedJSON {
    /// The value without the members that the outline does not name.
    public func value(within outline: JSONOutline) -> JSONValue {
        var parser = JSONParser(limits: .standard)
        return (try? parser.value(self.bytes.span, within: outline)) ?? .null
    }
}

extension JSONParser {
    fileprivate mutating func value(
        _ bytes: Span<UInt8>,
        within outline: JSONOutline
    ) throws(JSONParseError) -> JSONValue {
        self.skipSpace(bytes)
        guard !outline.isWhole else { return try self.value(bytes) }
        var isFirst = true
        if try self.enter(bytes, UInt8(ascii: "{")) {
            var object = JSONObject()
            while let key = try self.nextKey(bytes, &isFirst) {
                if let wanted = outline[key] {
                    object[key] = try self.value(bytes, within: wanted)
                } else {
                    try self.pass(bytes)
                }
            }
            self.ascend()
            return .object(object)
        }
        guard try self.enter(bytes, UInt8(ascii: "[")) else { return try self.value(bytes) }
        var elements: [JSONValue] = []
        while try self.stepToElement(bytes, &isFirst) {
            elements.append(try self.value(bytes, within: outline))
        }
        self.ascend()
        return .array(elements)
    }
}
