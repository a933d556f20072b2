internal import JSON

/// What the server answers, before it is bytes.
struct SimulatedAnswer {
    enum Content {
        case document(JSONValue)
        case watch(WatchCursor)
    }

    var code: Int
    var headers: [(name: String, value: String)] = []
    var content: Content
    /// What is to happen to it on its way.
    var fault: Fault.Action?

    init(_ request: APIRequest, _ state: inout APIServerState) {
        do throws(APIFailure) {
            let answer = try state.answer(request)
            switch answer {
            case .document(let json, let code):
                self.content = .document(json)
                self.code = code
            case .watch(let cursor):
                self.content = .watch(cursor)
                self.code = 200
            }
        } catch {
            self.content = .document(error.status)
            self.code = error.code
        }
    }

    init(_ failure: APIFailure) {
        self.code = failure.code
        self.content = .document(failure.status)
    }

    init(_ refusal: KubernetesRefusal) {
        self.code = refusal.code
        self.content = .document(refusal.status)
        if let seconds = refusal.retryAfter {
            self.headers = [(name: "retry-after", value: "\(seconds)")]
        }
    }

    /// The name of the object in it; `nil` where it holds none.
    var name: String? {
        guard case .document(let json) = self.content, self.code < 300 else { return nil }
        return json["metadata"]?["name"]?.string
    }
}
