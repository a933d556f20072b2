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
        return try Self.event(line)
    }

    private mutating func nextLine() throws(KubernetesClientError.Cause) -> ArraySlice<UInt8>? {
        do {
            return try self.lines.next()
        } catch {
            throw .unreadableAnswer("\(error)")
        }
    }

    private static func event(_ line: ArraySlice<UInt8>) throws(KubernetesClientError.Cause) -> WatchEvent {
        let (type, content) = try self.envelope(line)
        guard let content else { throw .unreadableAnswer("a watch event without an object") }
        switch type {
        case "ADDED": return .added(try object(content))
        case "MODIFIED": return .modified(try object(content))
        case "DELETED": return .deleted(try object(content))
        case "BOOKMARK":
            let metadata = try parsed(content, limits: .collections)["metadata"]
            return .bookmark(
                ResourceVersion(metadata?["resourceVersion"]?.string ?? ""),
                endsInitialEvents: metadata?["annotations"]?["k8s.io/initial-events-end"]?.string == "true"
            )
        case "ERROR": return .failed(KubernetesStatus(json: try parsed(content)))
        case let type: throw .unreadableAnswer("a watch event of the unknown type \(type?.onOneLine ?? "none")")
        }
    }

    private static func envelope(
        _ line: ArraySlice<UInt8>
    ) throws(KubernetesClientError.Cause) -> (type: String?, content: ArraySlice<UInt8>?) {
        do {
            let envelope = try JSONEnvelope(of: line, label: "type", content: "object")
            return (envelope.label?.string, envelope.content)
        } catch {
            throw .unreadableAnswer("\(error)")
        }
    }
}
