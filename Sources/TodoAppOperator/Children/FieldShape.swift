public import JSON

/// A digest over the paths of a manifest's fields, whatever their values: 16 hexadecimal digits.
///
/// It is kept in an annotation of the live object. A live object that holds all that is wanted may still hold fields
/// that were wanted before; their shape then differs from the manifest's, and an apply must take them away.
public func appliedShape(of manifest: JSONValue) -> String {
    var paths: [String] = []
    collect(manifest, at: "", into: &paths)
    // Sorted, since the order of members is no part of a manifest's meaning.
    return digestPrefix(paths.sorted().joined(separator: "\n"))
}

private func collect(_ value: JSONValue, at path: String, into paths: inout [String]) {
    switch value {
    case .object(let members):
        paths.append(path + "{}")
        for member in members {
            collect(member.value, at: path + "/" + escaped(member.key), into: &paths)
        }
    case .array(let elements):
        paths.append(path + "[]")
        for (index, element) in elements.enumerated() {
            collect(element, at: path + "[" + (identity(of: element) ?? "\(index)") + "]", into: &paths)
        }
    case .null, .bool, .integer, .number, .string:
        paths.append(path)
    }
}

/// What the API server tells the elements of a list apart by; without it, the removal of one element and the
/// addition of another would leave the shape as it was.
private func identity(of element: JSONValue) -> String? {
    let keys = ["name", "containerPort", "port", "mountPath", "topologyKey", "key"]
    for key in keys {
        if let name = element[key]?.string {
            return "\(key)=\(escaped(name))"
        }
        if let number = element[key]?.integer {
            return "\(key)=\(number)"
        }
    }
    return nil
}

/// As in JSON pointers, so that a key with a slash is no path.
private func escaped(_ key: String) -> String {
    guard key.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else { return key }
    // Byte by byte: to find where characters begin takes longer than all the rest.
    var escaped: [UInt8] = []
    escaped.reserveCapacity(key.utf8.count + 4)
    for byte in key.utf8 {
        switch byte {
        case UInt8(ascii: "~"): escaped += [UInt8(ascii: "~"), UInt8(ascii: "0")]
        case UInt8(ascii: "/"): escaped += [UInt8(ascii: "~"), UInt8(ascii: "1")]
        default: escaped.append(byte)
        }
    }
    return String(decoding: escaped, as: UTF8.self)
}
