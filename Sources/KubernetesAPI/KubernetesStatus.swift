public import JSON

/// The API server's answer to a request that it refused: the `Status` object, whole.
public struct KubernetesStatus: Sendable, Equatable {
    /// The HTTP status code.
    public var code: Int
    /// The machine's word for it, for example `NotFound`; empty where the server gave none.
    public var reason: String
    /// The sentence for people.
    public var message: String
    /// The object or field that is concerned.
    public var details: Details

    /// What a refusal is about.
    public struct Details: Sendable, Equatable {
        /// The object's name.
        public var name: String
        /// The group of the object's type.
        public var group: String
        /// The object's kind or the type's plural, as the server put it.
        public var kind: String
        /// The single causes, for an invalid object one a field.
        public var causes: [Cause]
        /// How long the server asks us to wait, in seconds.
        public var retryAfterSeconds: Int64?

        /// Details by their parts.
        public init(
            name: String = "",
            group: String = "",
            kind: String = "",
            causes: [Cause] = [],
            retryAfterSeconds: Int64? = nil
        ) {
            self.name = name
            self.group = group
            self.kind = kind
            self.causes = causes
            self.retryAfterSeconds = retryAfterSeconds
        }
    }

    /// One of the reasons for a refusal.
    public struct Cause: Sendable, Equatable {
        /// The machine's word, for example `FieldValueRequired`.
        public var reason: String
        /// The sentence for people.
        public var message: String
        /// The field's path; empty where none is concerned.
        public var field: String

        /// A cause by its parts.
        public init(reason: String, message: String, field: String) {
            self.reason = reason
            self.message = message
            self.field = field
        }
    }

    /// A status by its parts.
    public init(code: Int, reason: String, message: String, details: Details = Details()) {
        self.code = code
        self.reason = reason
        self.message = message
        self.details = details
    }

    /// Reads a `Status` object.
    public init(json: JSONValue) {
        let details = json["details"]
        self.init(
            code: Int(json["code"]?.integer ?? 0),
            reason: json["reason"]?.string ?? "",
            message: json["message"]?.string ?? "",
            details: Details(
                name: details?["name"]?.string ?? "",
                group: details?["group"]?.string ?? "",
                kind: details?["kind"]?.string ?? "",
                causes: (details?["causes"]?.array ?? []).map { cause in
                    Cause(
                        reason: cause["reason"]?.string ?? "",
                        message: cause["message"]?.string ?? "",
                        field: cause["field"]?.string ?? ""
                    )
                },
                retryAfterSeconds: details?["retryAfterSeconds"]?.integer
            )
        )
    }
}

extension KubernetesStatus {
    /// The object is not there.
    public var isNotFound: Bool { self.code == 404 }
    /// An object of that name is there already.
    public var isAlreadyExists: Bool { self.code == 409 && self.reason == "AlreadyExists" }
    /// The object has changed meanwhile, or a precondition does not hold.
    public var isConflict: Bool { self.code == 409 && self.reason != "AlreadyExists" }
    /// The state asked for is too old to be had; a new list is needed.
    public var isExpired: Bool { self.code == 410 || self.reason == "Expired" || self.reason == "Gone" }
    /// The state asked for is newer than what the server has: it was replaced by one that has seen less.
    public var isVersionTooLarge: Bool {
        self.details.causes.contains { $0.reason == "ResourceVersionTooLarge" }
            || self.message.contains("Too large resource version")
    }
    /// The caller may not do this.
    public var isForbidden: Bool { self.code == 403 }
    /// The caller is not known.
    public var isUnauthorized: Bool { self.code == 401 }
    /// The object breaks a rule of its type.
    public var isInvalid: Bool { self.code == 422 }
    /// The namespace is going away, so nothing can be created in it.
    public var isNamespaceTerminating: Bool {
        self.details.causes.contains { $0.reason == "NamespaceTerminating" }
    }
    /// A quota stands in the way.
    public var isQuotaExceeded: Bool {
        self.isForbidden && self.message.contains("exceeded quota")
    }
}

extension KubernetesStatus: CustomStringConvertible {
    /// One line for people.
    public var description: String {
        let reason = self.reason.isEmpty ? "" : " \(self.reason)"
        let text = self.message.isEmpty ? "" : ": \(self.message)"
        return "\(self.code)\(reason)\(text)".split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}
