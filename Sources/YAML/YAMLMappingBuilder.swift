internal import JSON

/// A mapping that is being read: its own members, and those that come through merge keys.
struct YAMLMappingBuilder {
    private var keys: [String] = []
    private var children: [YAMLNode] = []
    private var indices: [[UInt8]: Int] = [:]
    /// The members that the mapping has itself; merged ones give way to them and may come again.
    private var ownIndices: Set<Int> = []

    mutating func set(_ key: String, to node: YAMLNode, at location: YAMLLocation) throws(YAMLError) {
        var node = node
        node.keyLocation = location
        let index = self.indices[Array(key.utf8)]
        guard let index else {
            self.ownIndices.insert(self.children.count)
            self.append(key, node)
            return
        }
        guard self.ownIndices.insert(index).inserted else { throw .duplicateKey(key, at: location) }
        self.children[index] = node
    }

    /// Takes over the members of a mapping, or of several, that are not there yet: the first of several wins.
    mutating func merge(_ node: YAMLNode) throws(YAMLError) {
        switch node.value {
        case .object(let object):
            for (key, child) in zip(object.keys, node.children) where self.indices[Array(key.utf8)] == nil {
                self.append(key, child)
            }
        case .array(let elements) where elements.allSatisfy({ $0.object != nil }):
            for element in node.children {
                try self.merge(element)
            }
        default:
            throw .invalidMerge(at: node.location)
        }
    }

    private mutating func append(_ key: String, _ node: YAMLNode) {
        self.indices[Array(key.utf8)] = self.children.count
        self.keys.append(key)
        self.children.append(node)
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
