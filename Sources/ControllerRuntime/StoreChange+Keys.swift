public import KubernetesAPI

extension StoreChange {
    /// The object's key.
    public var keys: [ObjectKey] {
        [(self.new ?? self.old)?.metadata.key].compactMap { $0 }
    }

    /// The keys of the objects that control this one, and of those that did before the change: a reference that is dropped
    /// wakes the former owner too.
    ///
    /// It does not tell the kind of the owner: fitting where only one kind owns what is watched.
    public var controllerKeys: [ObjectKey] {
        let metadata = [self.old?.metadata, self.new?.metadata].compactMap { $0 }
        var keys: [ObjectKey] = []
        for key in metadata.compactMap({ $0.controllerKey }) where !keys.contains(key) { keys.append(key) }
        return keys
    }
}

extension ObjectMeta {
    fileprivate var controllerKey: ObjectKey? {
        self.controller.map { ObjectKey(namespace: self.namespace, name: $0.name) }
    }
}
