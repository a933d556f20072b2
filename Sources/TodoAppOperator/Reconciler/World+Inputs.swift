internal import ControllerRuntime
internal import JSON
internal import KubernetesAPI
internal import TodoAppAPI

extension World {
    /// What the children of an app depend on beside its spec, as far as the stores know it.
    func inputs(of app: EffectiveApp, owner: ObjectMeta, secret: ResolvedSecret) -> RenderInputs {
        let deployments = self.renderedDeployments(of: app)
        let config = self.child(.configMaps, ObjectKey(namespace: app.namespace, name: app.configMapName))
        var inputs = RenderInputs(
            ownerUID: owner.uid,
            ownSecret: secret.ownContent,
            secretRevision: secret.revision,
            secretSources: secret.sources,
            rotatedSigningKey: secret.rotation,
            served: self.apis.served,
            restartedAt: self.restarts(of: app, owner: owner, deployments),
            liveConfig: config?.value["data"]?.stringMembers ?? [:]
        )
        // Without a revision the pods would start now, and again when there is one.
        if !secret.problems.isEmpty || secret.revision == nil {
            inputs.withheld = Set(app.components.filter { !$0.secretKeys.isEmpty }.map(\.name))
        }
        for component in app.components {
            let service = self.child(.services, ObjectKey(namespace: app.namespace, name: component.childName))
            if let taken = service?.metadata.annotations[ChildAnnotation.nodePortTaken],
                taken == component.nodePort.map(String.init)
            {
                inputs.takenNodePorts.insert(component.name)
            }
            inputs.servedPorts[component.name] = service?.value["spec"]?["ports"]?[0]?["port"]?.integer.map { Int($0) }
            let deployment = deployments[component.name]
            if isPortChanging(of: component, service: service?.value, deployment: deployment?.value) {
                inputs.changingPorts.insert(component.name)
            }
            if case .automatic(let autoscaling) = component.spec.scaling {
                let minimum = app.spec.effectiveMinReplicas(of: autoscaling)
                let counts = handedOverReplicas(
                    of: deployment,
                    bounds: minimum...max(minimum, autoscaling.maxReplicas)
                )
                inputs.firstReplicas[component.name] = counts.first
                inputs.formerReplicas[component.name] = counts.former
            }
            for set in deployment.map({ self.replicaSets.indexed($0.metadata.uid) }) ?? [] where set.desired > 0 {
                self.keepKeys(of: set, app: app, in: &inputs)
            }
            if component.name == app.spec.frontDoor, let service {
                inputs.nodePort = self.nodePortAddress(of: app, service: service.value)
            }
        }
        return inputs
    }

    /// As much of the Deployments as rendering goes by.
    private func renderedDeployments(of app: EffectiveApp) -> [ComponentName: DynamicObject] {
        var deployments: [ComponentName: DynamicObject] = [:]
        for component in app.components {
            let key = ObjectKey(namespace: app.namespace, name: component.childName)
            deployments[component.name] = self.child(.deployments, key, within: Self.rendered)
        }
        return deployments
    }

    private static let rendered = JSONOutline(
        ["metadata"],
        ["status"],
        ["spec", "replicas"],
        ["spec", "template", "metadata", "annotations"],
        ["spec", "template", "spec", "containers", "ports"]
    )

    /// When restarts were asked for last.
    ///
    /// Time goes forward alone: whoever takes an annotation away again, or puts an older one back, asks for nothing, and what the
    /// pods were restarted for goes on standing there.
    private func restarts(
        of app: EffectiveApp,
        owner: ObjectMeta,
        _ deployments: [ComponentName: DynamicObject]
    ) -> [ComponentName: String] {
        var restarts: [ComponentName: String] = [:]
        for component in app.components {
            let template = deployments[component.name]?.value["spec"]?["template"]
            let asked = [
                owner.annotations[ChildAnnotation.restartRequestedAt],
                owner.annotations[ChildAnnotation.restartRequestedAt(component.name)],
                template?["metadata"]?["annotations"]?[ChildAnnotation.restartedAt]?.string,
            ]
            restarts[component.name] =
                asked.compactMap { $0 }
                .compactMap { text in Timestamp.seconds(text).map { (text: text, seconds: $0) } }
                .max { $0.seconds < $1.seconds }?.text
        }
        return restarts
    }

    /// Has the ConfigMap and the Secret go on holding what the pods of a ReplicaSet read, be it of an older revision.
    ///
    /// A container that ends is started once more with what these hold then; while a rollout does not get on, pods of the
    /// old revision are all there is.
    private func keepKeys(of set: ReplicaSet, app: EffectiveApp, in inputs: inout RenderInputs) {
        let secret = self.child(.secrets, ObjectKey(namespace: app.namespace, name: app.ownSecretName))?.value["data"]
        for reference in set.references {
            switch reference.kind {
            case .configMap where reference.object == app.configMapName:
                inputs.keptConfig[reference.key] = inputs.liveConfig[reference.key]
            case .secret where reference.object == app.ownSecretName:
                let value = secret?[reference.key]?.string.flatMap(Base64.decode)
                if let value { inputs.keptSecret[reference.key] = value }
            case .configMap, .secret: break
            }
        }
    }

    /// Where the front door's node port is reached, for what is written into the app's configuration.
    ///
    /// In Production nodes come and go, and a URL with the address of one of them would restart the pods each time: the
    /// Service's stands there.
    func nodePortAddress(of app: EffectiveApp, service: @autoclosure () -> JSONValue?) -> NodePortAddress? {
        guard app.spec.environment == .minikube, app.frontDoor?.serviceType == .nodePort else { return nil }
        return service().flatMap { self.nodePortAddress(ofService: $0) }
    }

    /// Where a Service's node port is reached; `nil` where it has none, or no node's address is known.
    func nodePortAddress(ofService service: JSONValue) -> NodePortAddress? {
        guard let host = self.nodeAddress else { return nil }
        let port = service["spec"]?["ports"]?[0]?["nodePort"]?.integer
        return port.map { NodePortAddress(host: host, port: Int($0)) }
    }
}

/// Whether there are, or may be, pods that listen on another port than the wanted one.
///
/// Nobody keeps a note of it: a Service that finds its pods by name stays so until the Deployment says that only pods of
/// the last revision are left.
func isPortChanging(of component: EffectiveComponent, service: JSONValue?, deployment: JSONValue?) -> Bool {
    guard let deployment else { return false }
    let port = deployment["spec"]?["template"]?["spec"]?["containers"]?[0]?["ports"]?[0]?["containerPort"]?.integer
    if port != Int64(component.port) { return true }
    guard service?["spec"]?["ports"]?[0]?["targetPort"]?.string != nil else { return false }
    let status = DeploymentStatus(of: deployment)
    let isSettled = status.observedGeneration >= deployment["metadata"]?["generation"]?.integer ?? 0
    return !(isSettled && status.updated == status.desired && status.replicas == status.updated)
}

/// What an autoscaled component begins with, and what is to be remembered of it when it is suspended.
///
/// An autoscaler leaves a Deployment alone that has no replicas, so that after a suspension somebody must begin.
private func handedOverReplicas(
    of deployment: DynamicObject?,
    bounds: ClosedRange<Int>
) -> (first: Int?, former: Int?) {
    guard let deployment else { return (first: bounds.lowerBound, former: nil) }
    if let former = deployment.metadata.annotations[ChildAnnotation.formerReplicas].flatMap({ Int($0) }) {
        return (first: min(max(former, bounds.lowerBound), bounds.upperBound), former: former)
    }
    let live = deployment.value["spec"]?["replicas"]?.integer.map { Int($0) } ?? 0
    return (first: nil, former: live > 0 ? live : nil)
}
