internal import JSON
internal import KubernetesAPI

/// Makes events out of a watch's bytes as they come, wherever the chunks are cut.
struct WatchDecoder {
    private var lines = JSONLineSplitter()

    /// Takes in the bytes that came.
    mutating func append(_ chunk: [UInt8]) {
        self.lines.append(chunk)
    }

    /// The next event; `nil` until more bytes come.
    ///
    /// - Throws: `.unreadableAnswer` for what is no event; the stream is of no use any more then.
    mutating func next() throws(KubernetesClientError.Cause) -> WatchEvent? {
        guard let line = try self.nextLine() else { return nil }
        return try Self.event(parsed(line, limits: .collections))
    }

    private mutating func nextLine() throws(KubernetesClientError.Cause) -> ArraySlice<UInt8>? {
        do {
            return try self.lines.next()
        } catch {
            throw .unreadableAnswer("\(error)")
        }
    }

    private static func event(_ json: JSONValue) throws(KubernetesClientError.Cause) -> WatchEvent {
        guard let object = json["object"] else { throw .unreadableAnswer("a watch event without an object") }
        switch json["type"]?.string {
        case "ADDED": return .added(object)
        case "MODIFIED": return .modified(object)
        case "DELETED": return .deleted(object)
        case "BOOKMARK":
            let metadata = object["metadata"]
            return .bookmark(
                ResourceVersion(metadata?["resourceVersion"]?.string ?? ""),
                endsInitialEvents: metadata?["annotations"]?["k8s.io/initial-events-end"]?.string == "true"
            )
        case "ERROR": return .failed(KubernetesStatus(json: object))
        case let type: throw .unreadableAnswer("a watch event of the unknown type \(type?.onOneLine ?? "none")")
        }
    }
}
