internal import JSON
public import KubernetesAPI

/// What the API server says it is.
public struct ServerVersion: Sendable, Equatable {
    /// For example `v1.31.2`.
    public var gitVersion: String
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
