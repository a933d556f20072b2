internal import JSON
public import KubernetesAPI

/// What the API server says it is.
public struct ServerVersion: Sendable, Equatable {
    /// For example `v1.31.2`.
    public var gitVersion: String
    /// The number behind `1.`, for example 31; 0 where it cannot be told.
    public var minor: Int

    /// A version as the server names it.
    public init(gitVersion: String) {
        self.gitVersion = gitVersion
        let parts = gitVersion.drop { $0 == "v" }.split(separator: ".")
        self.minor = parts.count > 1 && parts[0] == "1" ? Int(parts[1].prefix { $0.isNumber }) ?? 0 : 0
    }

    /// Whether a watch may begin with what is there (WatchList, KEP-3157): on by default since 1.32.
    ///
    /// Servers before 1.27 do not know the parameter; a later one where the feature is off refuses it.
    public var mayStreamInitialEvents: Bool { self.minor >= 32 }
}

extension KubernetesClient {
    /// The server's version; the cheapest call there is, so it also shows that server and trust are right.
    public func serverVersion() async throws(KubernetesClientError) -> ServerVersion {
        let json = try await self.perform(discoveryCall("/version", subject: "version"))
        return ServerVersion(gitVersion: json["gitVersion"]?.string ?? "")
    }

    /// Whether the server serves a type.
    ///
    /// A group that is not there serves nothing.
    public func serves(_ type: ResourceType) async throws(KubernetesClientError) -> Bool {
        let path = type.group.isEmpty ? "/api/\(type.version)" : "/apis/\(type.group)/\(type.version)"
        do {
            let json = try await self.perform(discoveryCall(path, subject: type.apiVersion))
            return (json["resources"]?.array ?? []).contains { $0["name"]?.string == type.plural }
        } catch {
            guard error.status?.isNotFound == true else { throw error }
            return false
        }
    }
}

private func discoveryCall(_ path: String, subject: String) -> Call {
    Call(
        operation: KubernetesClientError.Operation(verb: "get", resource: "discovery", subject: subject),
        method: "GET",
        target: path,
        repeatability: .harmless
    )
}
