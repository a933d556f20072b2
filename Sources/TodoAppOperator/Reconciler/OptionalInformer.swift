internal import ControllerRuntime
internal import KubernetesAPI
internal import ServiceLifecycle

/// Watches an optional API while it is served, in the version in which it is, and nothing while it is not.
struct OptionalInformer: Service {
    let api: OptionalAPI
    let registry: APIRegistry
    /// Makes the informer of a version, which says when the API server does not know the type any more.
    let informer: @Sendable (ResourceType, _ onUnserved: @escaping @Sendable () -> Void) -> any Service

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var watching: Task<Void, Never>?
            for await type in self.registry.versions(of: self.api) {
                watching?.cancel()
                await watching?.value
                watching = type.map { type in Task { await self.watch(type) } }
            }
            // The stream ends when this task is cancelled.
            watching?.cancel()
            await watching?.value
        }
    }

    private func watch(_ type: ResourceType) async {
        let (api, registry) = (self.api, self.registry)
        // An informer ends when it is cancelled, and has nothing to report then.
        try? await self.informer(type) { registry.note(api, nil) }.run()
    }
}
