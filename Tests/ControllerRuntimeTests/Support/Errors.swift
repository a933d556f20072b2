import HTTPTransport
import KubernetesAPI
import KubernetesClient

extension KubernetesClientError {
    /// The API server refused.
    static func refused(
        _ code: Int,
        reason: String = "",
        message: String = "",
        retryAfter: Int64? = nil
    ) -> KubernetesClientError {
        let details = KubernetesStatus.Details(retryAfterSeconds: retryAfter)
        return KubernetesClientError(
            operation: Operation(verb: "watch", resource: "pods", subject: ""),
            cause: .refused(KubernetesStatus(code: code, reason: reason, message: message, details: details))
        )
    }

    /// Nothing came for too long.
    static let silent = KubernetesClientError(
        operation: Operation(verb: "watch", resource: "pods", subject: ""),
        cause: .transport(.timedOut("idle stream"))
    )

    /// The connection broke.
    static let lost = KubernetesClientError(
        operation: Operation(verb: "watch", resource: "pods", subject: ""),
        cause: .transport(.connectionLost("reset"))
    )

    /// There was no server.
    static let away = KubernetesClientError(
        operation: Operation(verb: "watch", resource: "pods", subject: ""),
        cause: .transport(.couldNotConnect("refused"))
    )

    /// What came was no watch event.
    static let garbage = KubernetesClientError(
        operation: Operation(verb: "watch", resource: "pods", subject: ""),
        cause: .unreadableAnswer("byte 0")
    )

    /// There was nothing to show to the server.
    static let noToken = KubernetesClientError(
        operation: Operation(verb: "watch", resource: "pods", subject: ""),
        cause: .credential("no token")
    )
}

extension ResourceVersion: ExpressibleByIntegerLiteral {
    /// A version by its number.
    init(integerLiteral value: Int) {
        self.init("\(value)")
    }
}
