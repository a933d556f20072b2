internal import JSON
internal import KubernetesAPI

/// A refusal in the API server's own words.
struct APIFailure: Error, Sendable {
    var code: Int
    var reason: String
    var message: String
    var details: JSONValue = [:]
    /// What the list metadata of a `Status` says: a token to go on with after a 410.
    var continueToken = ""

    /// The `Status` object.
    var status: JSONValue {
        var metadata: JSONValue = [:]
        if !self.continueToken.isEmpty { metadata["continue"] = .string(self.continueToken) }
        var status: JSONValue = [
            "kind": "Status", "apiVersion": "v1", "metadata": metadata, "status": "Failure",
            "message": .string(self.message), "reason": .string(self.reason),
        ]
        if self.details != [:] { status["details"] = self.details }
        status["code"] = JSONValue(self.code)
        return status
    }
}

// MARK: - About an object

extension APIFailure {
    private static func about(_ type: ResourceType, _ name: String) -> JSONValue {
        var details: JSONValue = ["name": .string(name)]
        if !type.group.isEmpty { details["group"] = .string(type.group) }
        details["kind"] = .string(type.plural)
        return details
    }

    static func notFound(_ type: ResourceType, _ name: String) -> APIFailure {
        APIFailure(
            code: 404,
            reason: "NotFound",
            message: "\(type.resourceName) \"\(name)\" not found",
            details: Self.about(type, name)
        )
    }

    static func alreadyExists(_ type: ResourceType, _ name: String) -> APIFailure {
        APIFailure(
            code: 409,
            reason: "AlreadyExists",
            message: "\(type.resourceName) \"\(name)\" already exists",
            details: Self.about(type, name)
        )
    }

    static func conflict(_ type: ResourceType, _ name: String, _ why: String) -> APIFailure {
        APIFailure(
            code: 409,
            reason: "Conflict",
            message: "Operation cannot be fulfilled on \(type.resourceName) \"\(name)\": \(why)",
            details: Self.about(type, name)
        )
    }

    static func modified(_ type: ResourceType, _ name: String) -> APIFailure {
        let advice = "please apply your changes to the latest version and try again"
        return .conflict(type, name, "the object has been modified; \(advice)")
    }

    /// An object that breaks a rule of its type at one field.
    static func invalid(
        _ type: ResourceType,
        _ name: String,
        field: String,
        _ rule: String,
        reason: String = "FieldValueInvalid"
    ) -> APIFailure {
        var details = Self.about(type, name)
        details["kind"] = .string(type.kind)
        details["causes"] = [["reason": .string(reason), "message": .string(rule), "field": .string(field)]]
        let kind = type.group.isEmpty ? type.kind : "\(type.kind).\(type.group)"
        return APIFailure(
            code: 422,
            reason: "Invalid",
            message: "\(kind) \"\(name)\" is invalid: \(field): \(rule)",
            details: details
        )
    }

    static func namespaceTerminates(_ type: ResourceType, _ name: String, namespace: String) -> APIFailure {
        var details = Self.about(type, name)
        details["causes"] = [
            [
                "reason": "NamespaceTerminating", "message": "namespace \(namespace) is being terminated",
                "field": "metadata.namespace",
            ]
        ]
        let why = "unable to create new content in namespace \(namespace) because it is being terminated"
        return APIFailure(
            code: 403,
            reason: "Forbidden",
            message: "\(type.resourceName) \"\(name)\" is forbidden: \(why)",
            details: details
        )
    }

    /// An apply that meets other owners and was not told to win.
    static func applyConflict(_ conflicts: [ManagedFields.Conflict]) -> APIFailure {
        func owner(_ manager: ManagedFields.Manager) -> String {
            let subresource = manager.subresource.isEmpty ? "" : " with subresource \"\(manager.subresource)\""
            return "\"\(manager.name)\"\(subresource) using \(manager.apiVersion)"
        }
        let causes = conflicts.flatMap { conflict in
            conflict.fields.paths.map { (owner: owner(conflict.manager), field: $0) }
        }
        let summary = causes.map { "conflict with \($0.owner): \($0.field)" }.joined(separator: "\n")
        return APIFailure(
            code: 409,
            reason: "Conflict",
            message: "Apply failed with \(causes.count) conflict\(causes.count == 1 ? "" : "s"): \(summary)",
            details: [
                "causes": .array(
                    causes.map { cause in
                        [
                            "reason": "FieldManagerConflict",
                            "message": .string("conflict with \(cause.owner)"),
                            "field": .string(cause.field),
                        ]
                    }
                )
            ]
        )
    }
}

// MARK: - About a request

extension APIFailure {
    static let noSuchPath = APIFailure(
        code: 404,
        reason: "NotFound",
        message: "the server could not find the requested resource"
    )

    static let patchRejected = APIFailure(
        code: 422,
        reason: "Invalid",
        message: "the server rejected our request due to an error in our request"
    )

    static func badRequest(_ message: String) -> APIFailure {
        APIFailure(code: 400, reason: "BadRequest", message: message)
    }

    static func methodNotAllowed(_ method: String) -> APIFailure {
        APIFailure(
            code: 405,
            reason: "MethodNotAllowed",
            message: "the server does not allow this method on the requested resource: \(method)"
        )
    }

    static func unsupportedMediaType(_ type: String) -> APIFailure {
        APIFailure(
            code: 415,
            reason: "UnsupportedMediaType",
            message: "the body of the request was in an unknown format: \(type)"
        )
    }

    static func internalError(_ why: String) -> APIFailure {
        APIFailure(code: 500, reason: "InternalError", message: "Internal error occurred: \(why)")
    }

    /// A list option that may not stand there.
    static func invalidListOption(_ field: String, _ rule: String, reason: String) -> APIFailure {
        APIFailure(
            code: 422,
            reason: "Invalid",
            message: "ListOptions.meta.k8s.io \"\" is invalid: \(field): \(rule)",
            details: [
                "group": "meta.k8s.io", "kind": "ListOptions",
                "causes": [["reason": .string(reason), "message": .string(rule), "field": .string(field)]],
            ]
        )
    }

    // MARK: Versions

    static func watchTooOld(_ version: Int, oldest: Int) -> APIFailure {
        APIFailure(code: 410, reason: "Expired", message: "too old resource version: \(version) (\(oldest))")
    }

    static let listTooOld = APIFailure(
        code: 410,
        reason: "Expired",
        message: "The resourceVersion for the provided list is too old."
    )

    static func continueTooOld(goOnWith token: String) -> APIFailure {
        APIFailure(
            code: 410,
            reason: "Expired",
            message: """
                The provided continue parameter is too old to display a consistent list result. You can start a new list \
                without the continue parameter, or use the continue token in this response to retrieve the remainder of \
                the results.
                """,
            continueToken: token
        )
    }

    static func versionTooLarge(_ version: Int, current: Int) -> APIFailure {
        APIFailure(
            code: 504,
            reason: "Timeout",
            message: "Timeout: Too large resource version: \(version), current: \(current)",
            details: [
                "causes": [["reason": "ResourceVersionTooLarge", "message": "Too large resource version"]],
                "retryAfterSeconds": 1,
            ]
        )
    }
}
