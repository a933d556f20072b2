public import ControllerRuntime

/// The answers of `/metrics`.
public struct MetricsAnswers: Sendable {
    private let registry: PrometheusRegistry
    private let authorizer: TokenAuthorizer?

    /// Answers from a registry.
    ///
    /// - Parameters:
    ///   - registry: What is shown.
    ///   - authorizer: Judges who may read; `nil` for everybody.
    public init(_ registry: PrometheusRegistry, authorizer: TokenAuthorizer?) {
        self.registry = registry
        self.authorizer = authorizer
    }

    /// Answers a question; who may not read is told nothing, not even what there is.
    public func answer(_ question: HTTPQuestion) async -> HTTPAnswer {
        if let authorizer = self.authorizer {
            guard let token = question.bearerToken, !token.isEmpty else {
                return HTTPAnswer(status: 401, text: "a bearer token is needed\n")
            }
            switch await authorizer.verdict(token: token, verb: "get", path: question.path) {
            case .allowed: break
            case .unauthenticated: return HTTPAnswer(status: 401, text: "the token is not valid\n")
            case .forbidden(let user):
                return HTTPAnswer(status: 403, text: "\(user) may not get \(question.path)\n")
            case .unavailable: return HTTPAnswer(status: 503, text: "the API server cannot be asked just now\n")
            }
        }
        guard question.path == "/metrics" else { return HTTPAnswer(status: 404, text: "there is /metrics\n") }
        return HTTPAnswer(
            status: 200,
            contentType: "text/plain; version=0.0.4; charset=utf-8",
            text: self.registry.text()
        )
    }
}
