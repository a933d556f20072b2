public import JSON

/// One thing that is wrong with a component, as the status shows it.
public struct Failure: Sendable, Equatable {
    /// The class.
    public var reason: FailureClass
    /// Kubernetes' own word for it.
    public var rawReason: String
    /// Kubernetes' own sentence, shortened.
    public var message: String
    /// The pod; empty where there is none.
    public var pod: String = ""
    /// The container; empty where the pod as a whole is concerned.
    public var container: String = ""
    /// How the container ended; `nil` where it did not.
    public var exitCode: Int64?
    /// How often the container was started again.
    public var restartCount: Int64 = 0
    /// Since when, as RFC 3339; empty where nobody knows.
    public var since: String = ""
    /// What a helpful colleague would say.
    public var hint: String = ""
    /// Whether it happened to the current revision.
    public var isOfCurrentRevision = true

    /// The failure as it stands in the status.
    public var json: JSONValue {
        var json: JSONValue = [
            "reason": .string(self.reason.rawValue),
            "rawReason": .string(self.rawReason),
            "message": .string(self.message),
        ]
        json["pod"] = self.pod.isEmpty ? nil : .string(self.pod)
        json["container"] = self.container.isEmpty ? nil : .string(self.container)
        json["exitCode"] = self.exitCode.map { .integer($0) }
        json["restartCount"] = .integer(self.restartCount)
        json["since"] = self.since.isEmpty ? nil : .string(self.since)
        json["hint"] = self.hint.isEmpty ? nil : .string(self.hint)
        return json
    }

    /// The failure in a few words: `CrashLoopBackOff: ended with exit code 1`.
    var brief: String {
        self.message.isEmpty ? self.reason.rawValue : "\(self.reason.rawValue): \(shortened(self.message, to: 120))"
    }

    /// The failure in one sentence for conditions: who, what, and what to do.
    public func sentence(component: String) -> String {
        let place = [component, self.pod, self.container].filter { !$0.isEmpty }.joined(separator: "/")
        let detail = self.message.isEmpty ? self.rawReason : "\(self.rawReason): \(self.message)"
        guard !self.hint.isEmpty else { return "\(place): \(detail)" }
        return "\(place): \(detail.hasSuffix(".") ? String(detail.dropLast()) : detail); \(self.hint)"
    }

    /// What comes first in a status: the current revision, then the order of precedence, then the oldest.
    static func precedes(_ left: Failure, _ right: Failure) -> Bool {
        if left.isOfCurrentRevision != right.isOfCurrentRevision { return left.isOfCurrentRevision }
        if left.reason.rank != right.reason.rank { return left.reason.rank < right.reason.rank }
        if left.since != right.since { return left.since < right.since }
        return left.pod < right.pod
    }
}

/// The longest message of Kubernetes' that is passed on; the rest is in the pod.
private let longestMessage = 300

/// A message of Kubernetes' in one line of bearable length.
///
/// What is too long loses its middle: at the beginning stands what was tried, at the end why it failed.
func shortened(_ message: String, to length: Int = longestMessage) -> String {
    let words = message.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    let line = words.hasPrefix(remoteCall) ? String(words.dropFirst(remoteCall.count)) : words
    guard line.count > length else { return line }
    return "\(line.prefix(length / 3))…\(line.suffix(length - length / 3 - 1))"
}

/// How the kubelet begins what a container runtime told it.
private let remoteCall = "rpc error: code = Unknown desc = "
