internal import ControllerRuntime
internal import KubernetesAPI
internal import TodoAppAPI

extension World {
    /// An own child that nobody wants any more.
    struct Unwanted: Sendable, Equatable {
        var type: ResourceType
        var metadata: ObjectMeta
    }

    /// The own children of some types that are no longer wanted, such as those of a frontend that was taken out of the spec.
    ///
    /// Secrets and ConfigMap stay as long as the app does: pods of an older revision may still be started with them. So does
    /// the volume of a database that is no longer wanted: data is not lost by a slip in a spec.
    func unwanted(
        _ types: [ResourceType],
        beside wanted: [Child],
        of app: EffectiveApp,
        owner: ObjectMeta,
        withheld: Set<ComponentName>
    ) -> [Unwanted] {
        let kinds: Set<ResourceType> = [.secrets, .configMaps, .persistentVolumeClaims]
        let kept = Set(withheld.map { "\(app.name)-\($0.rawValue)" })
        var unwanted: [Unwanted] = []
        for (type, store) in self.servedChildren where types.contains(type) && !kinds.contains(type) {
            for key in store.keys(indexed: owner.uid) {
                let isWanted = wanted.contains { $0.name == key.name && $0.resource == type }
                guard !isWanted, !kept.contains(key.name) else { continue }
                guard let live = store[key], !live.metadata.isBeingDeleted else { continue }
                unwanted.append(Unwanted(type: type, metadata: live.metadata))
            }
        }
        return unwanted.sorted { ($0.type.kind, $0.metadata.name) < ($1.type.kind, $1.metadata.name) }
    }
}
