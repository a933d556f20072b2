internal import JSON
internal import KubernetesAPI
internal import TodoAppAPI

/// An object of the members that have a value, in this order.
func json(_ members: KeyValuePairs<String, JSONValue?>) -> JSONValue {
    var object = JSONObject()
    for (key, value) in members {
        object[key] = value
    }
    return .object(object)
}

extension Dictionary<String, String> {
    /// The strings as an object, sorted by key; `nil` where there are none, so that no empty field is written.
    var jsonUnlessEmpty: JSONValue? {
        // Not `? nil :`, where nil would be JSON's null.
        guard !self.isEmpty else { return .none }
        return JSONValue(self)
    }
}

extension Array<JSONValue> {
    /// The list; `nil` where it is empty, so that no empty field is written.
    var jsonUnlessEmpty: JSONValue? {
        guard !self.isEmpty else { return .none }
        return .array(self)
    }
}

extension ProbeTimings {
    /// The timings as members of a probe; what is left to Kubernetes is left out.
    var members: KeyValuePairs<String, JSONValue?> {
        [
            "initialDelaySeconds": self.initialDelaySeconds.map { JSONValue($0) },
            "periodSeconds": self.periodSeconds.map { JSONValue($0) },
            "timeoutSeconds": self.timeoutSeconds.map { JSONValue($0) },
            "successThreshold": self.successThreshold.map { JSONValue($0) },
            "failureThreshold": self.failureThreshold.map { JSONValue($0) },
        ]
    }

    /// The timings as an object.
    var json: JSONValue {
        TodoAppOperator.json(self.members)
    }
}

extension ResourcesSpec {
    /// Requests and limits as in a container, spelt as the API server spells them.
    var json: JSONValue {
        TodoAppOperator.json([
            "requests": self.requests.mapValues(\.canonicalText).jsonUnlessEmpty,
            "limits": self.limits.mapValues(\.canonicalText).jsonUnlessEmpty,
        ])
    }
}
