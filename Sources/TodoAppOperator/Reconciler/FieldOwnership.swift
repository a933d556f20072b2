internal import JSON

/// The API server's books on who owns which field.
enum FieldOwnership {
    /// The patch that turns a manager's entry of kind `Update` into one of kind `Apply`; `nil` where there is none, or
    /// where both are there.
    ///
    /// It only holds for the version that was looked at.
    static func patchTurningUpdateIntoApply(of object: JSONValue, by manager: String) -> JSONPatch? {
        let entries = object["metadata"]?["managedFields"]?.array ?? []
        func isOwn(_ entry: JSONValue, _ operation: String) -> Bool {
            entry["manager"]?.string == manager && entry["operation"]?.string == operation
                && (entry["subresource"]?.string ?? "").isEmpty
        }
        guard
            let index = entries.firstIndex(where: { isOwn($0, "Update") }),
            !entries.contains(where: { isOwn($0, "Apply") }),
            let version = object["metadata"]?["resourceVersion"]
        else { return nil }
        let operation = JSONPointer(["metadata", "managedFields", "\(index)", "operation"])
        return JSONPatch([
            .test(JSONPointer(["metadata", "resourceVersion"]), version),
            .test(operation, "Update"),
            .replace(operation, "Apply"),
        ])
    }
}
