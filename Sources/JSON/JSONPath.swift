/// The way from a value down to one within it.
public struct JSONPath: Sendable, Hashable {
    /// One step down.
    public enum Step: Sendable, Hashable {
        /// Into an object's member.
        case member(String)
        /// Into an array's element, counted from 0.
        case index(Int)
    }

    /// The steps from the top down; none is the value itself.
    public var steps: [Step]

    /// A path of these steps.
    public init(_ steps: [Step] = []) {
        self.steps = steps
    }

    /// The path to a member of what this one leads to.
    public func appending(_ key: String) -> JSONPath {
        JSONPath(self.steps + [.member(key)])
    }

    /// The path to an element of what this one leads to.
    public func appending(_ index: Int) -> JSONPath {
        JSONPath(self.steps + [.index(index)])
    }
}

extension JSONPath: ExpressibleByArrayLiteral {
    /// A path of these steps.
    public init(arrayLiteral elements: Step...) {
        self.init(elements)
    }
}

extension JSONPath.Step: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    /// A step into a member.
    public init(stringLiteral value: String) {
        self = .member(value)
    }

    /// A step into an element.
    public init(integerLiteral value: Int) {
        self = .index(value)
    }
}

extension JSONPath: CustomStringConvertible {
    /// As `kubectl` writes it: `spec.env["A.B"].list[0]`; empty for the value itself.
    public var description: String {
        var text = ""
        for step in self.steps {
            switch step {
            case .index(let index):
                text += "[\(index)]"
            case .member(let key) where Self.isPlain(key):
                text += text.isEmpty ? key : ".\(key)"
            case .member(let key):
                text += "[\(JSONValue.string(key).text())]"
            }
        }
        return text
    }

    private static func isPlain(_ key: String) -> Bool {
        guard let first = key.utf8.first, first != UInt8(ascii: "-") else { return false }
        return key.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default:
                false
            }
        }
    }
}

extension JSONValue {
    /// What a path leads to; `nil` where it leads nowhere.
    public subscript(path: JSONPath) -> JSONValue? {
        var current = self
        for step in path.steps {
            let next: JSONValue? =
                switch step {
                case .member(let key): current[key]
                case .index(let index): current[index]
                }
            guard let next else { return nil }
            current = next
        }
        return current
    }
}
