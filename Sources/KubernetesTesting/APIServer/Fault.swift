internal import JSON

/// Something that goes wrong with a request, as a value.
public struct Fault: Sendable, Hashable {
    /// What happens to a request.
    enum Action: Sendable, Hashable {
        /// The server never hears of it.
        case refuseConnection
        /// The server refuses it with this status, and does nothing.
        case respond(KubernetesRefusal)
        /// The server does what is asked, and the answer is lost on the way.
        case loseAnswer
        /// The server does what is asked; before anybody hears of it, the client's process is dead.
        case die
        /// No byte comes, ever.
        case silence
        /// The answer's body ends after so many bytes: the connection is reset.
        case cutStream(afterBytes: Int)
        /// The answer's body says nothing more after so many bytes, and stays open.
        case stall(afterBytes: Int)
        /// The answer's body comes in pieces of this size.
        case chunks(of: Int)
        /// A read is answered by a replica that stopped hearing of changes so many versions ago.
        case olderState(by: Int)
        /// A watch never hears of deletions.
        case dropDeletions
        /// A watch is told at once that its version is too old.
        case expire
    }

    let action: Action

    /// The server never hears of the request; its connection is refused.
    public static let refuseConnection = Fault(action: .refuseConnection)
    /// The server does what is asked, and the connection breaks before the answer comes.
    public static let loseAnswer = Fault(action: .loseAnswer)
    /// The server does what is asked, and the client's connection is dead from then on, as if its process had been killed: the
    /// fault with which a reconcile is interrupted behind each of its writes.
    public static let die = Fault(action: .die)
    /// No answer comes, and the connection stays open: the request times out.
    public static let silence = Fault(action: .silence)
    /// A watch never hears of deletions, until it begins anew.
    public static let dropDeletions = Fault(action: .dropDeletions)
    /// A watch ends at once with the event 410: its version is too old.
    public static let expire = Fault(action: .expire)

    /// The server refuses the request.
    ///
    /// - Parameters:
    ///   - code: The status code.
    ///   - reason: The machine's word; by default the usual one for this code.
    ///   - message: The sentence for people.
    ///   - retryAfter: After how many seconds the server wants to be asked again; `nil` for no word about it.
    public static func respond(
        _ code: Int,
        reason: String? = nil,
        message: String = "a fault that was asked for",
        retryAfter: Int? = nil
    ) -> Fault {
        let reason = reason ?? usualReasons[code] ?? "Unknown"
        return Fault(
            action: .respond(KubernetesRefusal(code: code, reason: reason, message: message, retryAfter: retryAfter))
        )
    }

    /// The answer's body breaks off after so many bytes.
    public static func cutStream(afterBytes bytes: Int) -> Fault {
        Fault(action: .cutStream(afterBytes: bytes))
    }

    /// The answer's body says nothing more after so many bytes, while the connection stays open.
    public static func stall(afterBytes bytes: Int) -> Fault {
        Fault(action: .stall(afterBytes: bytes))
    }

    /// The answer's body comes in pieces of at most this many bytes: in the middle of a line, of a word, of a character.
    public static func chunks(of bytes: Int) -> Fault {
        Fault(action: .chunks(of: bytes))
    }

    /// A GET or LIST is answered with a state that is this many versions old, as a lagging replica does.
    public static func olderState(by versions: Int) -> Fault {
        Fault(action: .olderState(by: versions))
    }
}

/// A refusal that a fault makes up.
struct KubernetesRefusal: Sendable, Hashable {
    var code: Int
    var reason: String
    var message: String
    var retryAfter: Int?

    var status: JSONValue {
        var details: JSONValue = [:]
        details["retryAfterSeconds"] = self.retryAfter.map { JSONValue($0) }
        return APIFailure(code: self.code, reason: self.reason, message: self.message, details: details).status
    }
}

private let usualReasons = [
    400: "BadRequest", 401: "Unauthorized", 403: "Forbidden", 404: "NotFound", 409: "Conflict", 410: "Expired",
    422: "Invalid", 429: "TooManyRequests", 500: "InternalError", 503: "ServiceUnavailable", 504: "Timeout",
]
