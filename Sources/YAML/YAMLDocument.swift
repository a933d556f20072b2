public import JSON

/// One document of a YAML stream: the JSON that it stands for, and where each part of it is written.
public struct YAMLDocument: Sendable {
    /// What the document stands for.
    public let value: JSONValue
    private let root: YAMLNode

    init(root: YAMLNode) {
        self.value = root.value
        self.root = root
    }

    /// The line on which the document's content starts, from 1.
    public var firstLine: Int {
        self.root.location.line
    }

    /// Where a part of the document is written: a member's key, or the start of an element; `nil` if there is no such part.
    public func location(of path: JSONPath) -> YAMLLocation? {
        var node = self.root
        var location = node.location
        for step in path.steps {
            switch (step, node.value) {
            case (.index(let index), .array) where node.children.indices.contains(index):
                node = node.children[index]
                location = node.location
            case (.member(let key), .object(let object)):
                guard let index = object.keys.firstIndex(of: key), node.children.indices.contains(index) else {
                    return nil
                }
                node = node.children[index]
                location = node.keyLocation ?? node.location
            default:
                return nil
            }
        }
        return location
    }

    /// Where the nearest part above a path is written, for what should be there and is not.
    public func nearestLocation(to path: JSONPath) -> YAMLLocation {
        var path = path
        while !path.steps.isEmpty {
            if let location = self.location(of: path) { return location }
            path.steps.removeLast()
        }
        return self.root.location
    }
}

/// A value with the places of its parts; the children are those of the value, in the same order.
struct YAMLNode: Sendable {
    var value: JSONValue
    var location: YAMLLocation
    var keyLocation: YAMLLocation?
    var children: [YAMLNode] = []
    /// How many values there are in this one, itself included.
    var count = 1
    /// How many sequences and mappings lie within one another here at most, itself included.
    var height = 0
}
