internal import JSON

/// A mapping that is being read: its own members, and those that come through merge keys.
struct YAMLMappingBuilder {
    private static let fewMembers = 16

    private var keys: [String] = []
    private var children: [YAMLNode] = []
    /// Which members the mapping has itself; merged ones give way to them.
    private var areOwn: [Bool] = []
    /// The keys' bytes, once there are so many that looking through all of them would be slow.
    private var indices: [[UInt8]: Int] = [:]

    mutating func set(_ key: String, to node: YAMLNode, at location: YAMLLocation) throws(YAMLError) {
        var node = node
        node.keyLocation = location
        guard let index = self.index(of: key) else {
            self.append(key, node, isOwn: true)
            return
        }
        guard !self.areOwn[index] else { throw .duplicateKey(key, at: location) }
        self.areOwn[index] = true
        self.children[index] = node
    }

    /// Takes over the members of a mapping, or of several, that are not there yet: the first of several wins.
    mutating func merge(_ node: YAMLNode) throws(YAMLError) {
        switch node.value {
        case .object(let object):
            for (key, child) in zip(object.keys, node.children) where self.index(of: key) == nil {
                self.append(key, child, isOwn: false)
            }
        case .array(let elements) where elements.allSatisfy({ $0.object != nil }):
            for element in node.children {
                try self.merge(element)
            }
        default:
            throw .invalidMerge(at: node.location)
        }
    }

    private func index(of key: String) -> Int? {
        guard self.keys.count > Self.fewMembers else {
            // By their bytes: Swift's strings are equal however an accent is composed.
            return self.keys.firstIndex { $0.utf8.count == key.utf8.count && $0.utf8.elementsEqual(key.utf8) }
        }
        return self.indices[Array(key.utf8)]
    }

    private mutating func append(_ key: String, _ node: YAMLNode, isOwn: Bool) {
        self.keys.append(key)
        self.children.append(node)
        self.areOwn.append(isOwn)
        if self.keys.count > Self.fewMembers {
            let start = self.indices.isEmpty ? 0 : self.keys.count - 1
            for index in start..<self.keys.count {
                self.indices[Array(self.keys[index].utf8)] = index
            }
        }
    }

    func node(at location: YAMLLocation) -> YAMLNode {
        let members = zip(self.keys, self.children).map { JSONObject.Member(key: $0, value: $1.value) }
        return YAMLNode(
            value: .object(JSONObject(uniqueMembers: members)),
            location: location,
            children: self.children,
            count: self.children.reduce(1) { $0 + $1.count },
            height: 1 + (self.children.map(\.height).max() ?? 0)
        )
    }
}
