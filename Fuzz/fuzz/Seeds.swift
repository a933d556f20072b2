internal import FoundationEssentials
internal import JSON
internal import YAML

/// What the fuzzing of watches and lists begins with: the objects of the repository's manifests, as an API server sends
/// them.
enum Seeds {
    static func write(manifests: ArraySlice<String>, into folder: String) -> Bool {
        for (index, path) in manifests.enumerated() {
            guard let data = try? Data(contentsOf: URL(filePath: path)) else { return false }
            let objects = ((try? YAML.documents(in: Array(data))) ?? []).map(\.value)
            let types = ["ADDED", "MODIFIED", "DELETED", "BOOKMARK"]
            let events = zip(types, objects + objects + objects + objects).map { type, object in
                ["type": .string(type), "object": object] as JSONValue
            }
            let list: JSONValue = ["kind": "List", "metadata": ["resourceVersion": "7"], "items": .array(objects)]
            let style: JSONStyle = index.isMultiple(of: 2) ? .compact : .pretty
            guard
                Self.write(events.map { $0.text() + "\n" }.joined(), to: "\(folder)/watch/manifest-\(index)"),
                Self.write(list.text(style), to: "\(folder)/list/manifest-\(index)")
            else { return false }
        }
        return true
    }

    private static func write(_ text: String, to path: String) -> Bool {
        (try? Data(text.utf8).write(to: URL(filePath: path))) != nil
    }
}
