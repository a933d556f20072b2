internal import TodoAppOperator

/// What a FastAPI app has otherwise than seed 003 presumes.
///
/// Only contract `fastapi` leaves these to the app.
public struct ImageParameters: Sendable, Hashable {
    /// The base image of both stages.
    public var base: String?
    /// The module and the variable in it, as Uvicorn takes them: `main:app`.
    public var app: String?
    /// Where the app listens.
    public var port: Int?
    /// What the health check asks; `.some(nil)` for an app that has no such path.
    public var healthPath: String??
    /// Whom the container runs as.
    public var user: NumericUser?
    /// Uvicorn's processes.
    public var workers: Int?
    /// Files and folders of the build context that hold the app; empty for the contract's.
    public var sources: [String] = []
    /// Packages that the first stage compiles with.
    public var buildPackages: [String] = []
    /// Variables whose values come from Secrets, which no image may set.
    public var secretKeys: [String] = []

    /// No parameters: all is as the contract has it.
    public init() {}

    /// Whether nothing is set.
    public var isEmpty: Bool { self == ImageParameters() }
}

extension ImageContract {
    /// The contract with what an app has otherwise.
    public func adapted(to parameters: ImageParameters) -> ImageContract {
        var adapted = self
        if let base = parameters.base { adapted.base = chosen(BaseImage(base)) }
        if let port = parameters.port { adapted.runtime.port = chosen(port) }
        if let user = parameters.user {
            adapted.user = chosen(user)
            adapted.userDemand = .numbers
        }
        if case .some(let path) = parameters.healthPath {
            var check = self.healthCheck.value
            if let path {
                check?.path = path
                check?.isPathDemanded = true
            } else {
                check = nil
            }
            adapted.healthCheck = chosen(check)
        }
        if !parameters.sources.isEmpty { adapted.sources = chosen(parameters.sources.map(SourceFile.init)) }
        if !parameters.buildPackages.isEmpty { adapted.buildPackages = chosen(parameters.buildPackages) }
        adapted.otherSecretVariables += parameters.secretKeys
        if parameters.app != nil { adapted.leavesModuleOpen = false }
        if parameters.app != nil || parameters.port != nil || parameters.workers != nil {
            adapted.command = chosen(
                [
                    "uvicorn", parameters.app ?? "main:app", "--host", "0.0.0.0", "--port", "\(adapted.port)",
                    "--workers", "\(parameters.workers ?? 1)",
                ]
            )
        }
        return adapted
    }
}

private func chosen<Value: Sendable & Hashable>(_ value: Value) -> Figure<Value> {
    .silent(value, "as the app's developer chose")
}
