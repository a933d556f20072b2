internal import JSON

/// The API server's books on who owns which field.
enum FieldOwnership {
    /// The patch that turns a manager's entry of kind `Update` into one of kind `Apply`; `nil` where there is none, or
    /// where both are there.
    ///
    /// It only holds while that entry stands there unchanged. The object's version is no guard: the controller of a
    /// Deployment writes its status many times a second while pods come and go.
    static func patchTurningUpdateIntoApply(of object: JSONValue, by manager: String) -> JSONPatch? {
        let entries = object["metadata"]?["managedFields"]?.array ?? []
        func isOwn(_ entry: JSONValue, _ operation: String) -> Bool {
            entry["manager"]?.string == manager && entry["operation"]?.string == operation
                && (entry["subresource"]?.string ?? "").isEmpty
        }
        guard
            let index = entries.firstIndex(where: { isOwn($0, "Update") }),
            !entries.contains(where: { isOwn($0, "Apply") }),
            let uid = object["metadata"]?["uid"]
        else { return nil }
        let entry = ["metadata", "managedFields", "\(index)"]
        return JSONPatch([
            .test(JSONPointer(["metadata", "uid"]), uid),
            .test(JSONPointer(entry), entries[index]),
            .replace(JSONPointer(entry + ["operation"]), "Apply"),
        ])
    }

    /// The patch that strikes a Deployment's number of pods from a manager's entries; `nil` where it stands in none.
    ///
    /// A field that its only owner applies no more goes back to its default, which would be one pod: whoever hands the number
    /// over to an autoscaler must let go of it first, with its value as it is.
    static func patchLettingGoOfReplicas(of object: JSONValue, by manager: String) -> JSONPatch? {
        let entries = object["metadata"]?["managedFields"]?.array ?? []
        guard let uid = object["metadata"]?["uid"] else { return nil }
        var operations: [JSONPatch.Operation] = [.test(JSONPointer(["metadata", "uid"]), uid)]
        for (index, entry) in entries.enumerated() where entry["manager"]?.string == manager {
            guard entry["fieldsV1"]?["f:spec"]?["f:replicas"] != nil else { continue }
            let path = ["metadata", "managedFields", "\(index)"]
            operations.append(.test(JSONPointer(path), entry))
            operations.append(.remove(JSONPointer(path + ["fieldsV1", "f:spec", "f:replicas"])))
        }
        return operations.count > 1 ? JSONPatch(operations) : nil
    }
}
