extension JSONValue {
    /// The document that a merge patch (RFC 7386) makes out of this one: members of objects are merged, `null` takes
    /// a member away, and everything else, arrays too, is put in place of what was there.
    public func merging(_ patch: JSONValue) -> JSONValue {
        guard case .object(let changes) = patch else { return patch }
        var result = self.object ?? JSONObject()
        for change in changes {
            if change.value.isNull {
                result[change.key] = nil
            } else {
                result[change.key] = (result[change.key] ?? .null).merging(change.value)
            }
        }
        return .object(result)
    }

    /// The merge patch that makes one document into another; an empty object if two objects are equal.
    ///
    /// A merge patch has no way of saying that a member is to be `null`: such a member of `new` comes out absent, which
    /// means the same to the API server.
    public static func difference(from old: JSONValue, to new: JSONValue) -> JSONValue {
        guard case .object(let newMembers) = new, case .object(let oldMembers) = old else { return new }
        var patch = JSONObject()
        for member in oldMembers where newMembers[member.key] == nil {
            patch[member.key] = .null
        }
        for member in newMembers where oldMembers[member.key] != member.value {
            guard let before = oldMembers[member.key] else {
                patch[member.key] = member.value.isNull ? nil : member.value
                continue
            }
            let change = Self.difference(from: before, to: member.value)
            // Two objects that differ by a `null` alone are equal as far as a patch can tell.
            let isEmptyPatch = change == .object(JSONObject()) && before.object != nil
            if !isEmptyPatch {
                patch[member.key] = change
            }
        }
        return .object(patch)
    }
}
