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
        // The API server writes the type first, and nothing behind the object. From anybody who does otherwise it is as good.
        let quick = try? self.envelope(line, isContentLast: true)
        if let quick, let event = try? self.event(quick) { return event }
        return try self.event(self.envelope(line, isContentLast: false))
    }

    private static func event(_ envelope: JSONEnvelope) throws(KubernetesClientError.Cause) -> WatchEvent {
        guard let content = envelope.content else { throw .unreadableAnswer("a watch event without an object") }
        switch envelope.label?.string {
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
        _ line: ArraySlice<UInt8>,
        isContentLast: Bool
    ) throws(KubernetesClientError.Cause) -> JSONEnvelope {
        do {
            return try JSONEnvelope(of: line, label: "type", content: "object", isContentLast: isContentLast)
        } catch {
            throw .unreadableAnswer("\(error)")
        }
    }
}
