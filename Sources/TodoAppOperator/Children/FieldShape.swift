public import JSON
internal import KubernetesAPI

/// A digest over the paths of a manifest's fields, whatever their values: 16 hexadecimal digits.
///
/// It is kept in an annotation of the live object. A live object that holds all that is wanted may still hold fields
/// that were wanted before; their shape then differs from the manifest's, and an apply must take them away.
public func appliedShape(of manifest: JSONValue) -> String {
    var shape = FieldShape()
    shape.add(manifest, at: StableHash())
    let digits = String(shape.sum, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
}

/// The sum over the hashes of all paths: the order of members is no part of a manifest's meaning.
private struct FieldShape {
    private(set) var sum: UInt64 = 0

    /// - Parameter path: Of the value; each step goes on from its parent's, so that no path is ever put together.
    mutating func add(_ value: JSONValue, at path: StableHash) {
        switch value {
        case .object(let members):
            self.end(path, by: "{}")
            for member in members {
                self.add(member.value, at: path.step(UInt8(ascii: "/"), member.key))
            }
        case .array(let elements):
            self.end(path, by: "[]")
            for (index, element) in elements.enumerated() {
                let (key, name) = identity(of: element) ?? ("", "\(index)")
                self.add(element, at: path.step(UInt8(ascii: "["), key).step(UInt8(ascii: "="), name))
            }
        case .null, .bool, .integer, .number, .string:
            self.end(path, by: "")
        }
    }

    private mutating func end(_ path: StableHash, by kind: String) {
        var path = path
        path.combine(kind)
        self.sum &+= path.value
    }
}

/// What the API server tells the elements of a list apart by; without it, the removal of one element and the
/// addition of another would leave the shape as it was.
private func identity(of element: JSONValue) -> (key: String, name: String)? {
    for key in ["name", "containerPort", "port", "mountPath", "topologyKey", "key"] {
        switch element[key] {
        case .string(let name): return (key, name)
        case .integer(let number): return (key, "\(number)")
        default: break
        }
    }
    return nil
}

extension StableHash {
    /// The hash of one step more.
    fileprivate func step(_ sign: UInt8, _ name: String) -> StableHash {
        var inner = self
        inner.combine(sign)
        inner.combine(name)
        inner.combine(StableHash.end)
        return inner
    }
}
