internal import JSON
internal import KubernetesAPI
internal import TodoAppAPI

extension ChildHead {
    /// A component's Deployment.
    func deployment(of component: EffectiveComponent, config: [ConfigEntry], inputs: RenderInputs) -> Child {
        let template = json([
            "metadata": json([
                "labels": JSONValue(ChildLabels.podLabels(of: self.app, component: component)),
                "annotations": podAnnotations(of: component, config: config, inputs: inputs).jsonUnlessEmpty,
            ]),
            "spec": self.podSpec(of: component, config: config),
        ])
        var annotations: [String: String] = [:]
        if self.app.spec.suspended, let count = inputs.formerReplicas[component.name] {
            annotations[ChildAnnotation.formerReplicas] = "\(count)"
        }
        var child = self.child(
            .deployments,
            name: component.childName,
            component: component,
            annotations: annotations,
            body: [
                "spec": json([
                    "replicas": component.replicas.fixedCount,
                    "progressDeadlineSeconds": JSONValue(self.app.spec.rollout.progressDeadlineSeconds),
                    "revisionHistoryLimit": 10,
                    // No pod goes before its successor is ready: a single replica is replaced without a gap.
                    "strategy": [
                        "type": "RollingUpdate",
                        "rollingUpdate": ["maxSurge": 1, "maxUnavailable": 0],
                    ],
                    "selector": ["matchLabels": JSONValue(ChildLabels.selector(of: component))],
                    "template": template,
                ])
            ]
        )
        if case .autoscaled = component.replicas, let count = inputs.firstReplicas[component.name] {
            // No part of the fields' shape, which stays the same when the number is the autoscaler's.
            child.manifest["spec"]?["replicas"] = JSONValue(count)
        }
        return child
    }

    private func podSpec(of component: EffectiveComponent, config: [ConfigEntry]) -> JSONValue {
        let spec = component.spec
        let pullSecrets = self.app.spec.imagePullSecrets.map { json(["name": .string($0)]) }
        return json([
            "serviceAccountName": .string(self.app.serviceAccountName),
            "automountServiceAccountToken": false,
            "enableServiceLinks": false,
            "terminationGracePeriodSeconds": JSONValue(component.contract.stopSeconds.value),
            "securityContext": podSecurityContext(of: component.user),
            "imagePullSecrets": pullSecrets.jsonUnlessEmpty,
            "nodeSelector": spec.nodeSelector.jsonUnlessEmpty,
            "tolerations": spec.tolerations.jsonUnlessEmpty,
            "affinity": spec.affinity,
            "topologySpreadConstraints": .array(spreadConstraints(of: component)),
            "volumes": component.writablePaths.map(\.volume).jsonUnlessEmpty,
            "containers": [self.container(of: component, config: config)],
        ])
    }

    private func container(of component: EffectiveComponent, config: [ConfigEntry]) -> JSONValue {
        json([
            "name": .string(component.containerName),
            "image": .string(component.image),
            "imagePullPolicy": .string(component.imagePullPolicy.rawValue),
            "ports": [
                [
                    "name": .string(httpPortName),
                    "containerPort": JSONValue(component.port),
                    "protocol": "TCP",
                ]
            ],
            "env": self.environment(of: component, config: config).jsonUnlessEmpty,
            "resources": component.resources.json,
            "livenessProbe": component.liveness.json(port: component.port),
            "readinessProbe": component.readiness.json(port: component.port),
            "startupProbe": component.startup?.json(port: component.port),
            "securityContext": json([
                "allowPrivilegeEscalation": false,
                "capabilities": ["drop": .array(component.contract.droppedCapabilities.value.map { .string($0) })],
                "readOnlyRootFilesystem": component.spec.readOnlyRootFilesystem ? .some(true) : .none,
            ]),
            "volumeMounts": component.writablePaths.map(\.mount).jsonUnlessEmpty,
        ])
    }

    /// Each variable names its key, so that a pod gets what its contract names and nothing else that lies beside it.
    private func environment(of component: EffectiveComponent, config: [ConfigEntry]) -> [JSONValue] {
        let secrets = component.secretKeys.map { secret in
            let reference = json([
                "name": .string(self.app.secretName),
                "key": .string(secret.key.key),
                "optional": secret.isRequired ? .none : .some(true),
            ])
            return json(["name": .string(secret.key.variable), "valueFrom": ["secretKeyRef": reference]])
        }
        let values = config.map { entry in
            let reference = json(["name": .string(self.app.configMapName), "key": .string(entry.key)])
            return json(["name": .string(entry.variable), "valueFrom": ["configMapKeyRef": reference]])
        }
        return secrets + values
    }
}

// MARK: - Parts of a pod

private func podAnnotations(
    of component: EffectiveComponent,
    config: [ConfigEntry],
    inputs: RenderInputs
) -> [String: String] {
    var annotations = component.spec.podAnnotations
    if !component.secretKeys.isEmpty {
        annotations[ChildAnnotation.secretRevision] = inputs.secretRevision?.description
    }
    if !config.isEmpty {
        let content = Dictionary(config.map { ($0.key, $0.value) }) { $1 }
        annotations[ChildAnnotation.configRevision] = ContentRevision(ofPublic: content).description
    }
    if let restartedAt = inputs.restartedAt[component.name] {
        annotations[ChildAnnotation.restartedAt] = restartedAt
    }
    return annotations
}

private func podSecurityContext(of user: ContainerUser) -> JSONValue {
    let seccomp: JSONValue = ["type": "RuntimeDefault"]
    switch user {
    case .nonRoot(let uid, let gid):
        return json([
            "runAsNonRoot": true,
            "runAsUser": .integer(uid),
            "runAsGroup": gid.map { .integer($0) },
            "seccompProfile": seccomp,
        ])
    case .image:
        return ["seccompProfile": seccomp]
    }
}

private func spreadConstraints(of component: EffectiveComponent) -> [JSONValue] {
    let ownPods: JSONValue = ["matchLabels": JSONValue(ChildLabels.selector(of: component))]
    guard component.spec.topologySpreadConstraints.isEmpty else {
        return component.spec.topologySpreadConstraints.map { constraint in
            // To Kubernetes a constraint without a selector is about no pods, and spreads none.
            guard constraint["labelSelector"] == nil else { return constraint }
            var constraint = constraint
            constraint["labelSelector"] = ownPods
            return constraint
        }
    }
    return ["kubernetes.io/hostname", "topology.kubernetes.io/zone"].map { key in
        json([
            "maxSkew": 1,
            "topologyKey": .string(key),
            // Soft on purpose: a cluster of one node runs all pods.
            "whenUnsatisfiable": "ScheduleAnyway",
            "labelSelector": ownPods,
        ])
    }
}

extension EffectiveReplicas {
    /// What the Deployment holds; nothing while an autoscaler decides, or its decisions would be taken back.
    fileprivate var fixedCount: JSONValue? {
        switch self {
        case .fixed(let count): .some(JSONValue(count))
        case .autoscaled: .none
        }
    }
}

extension EffectiveProbe {
    fileprivate func json(port: Int) -> JSONValue {
        var probe: JSONValue =
            switch self.check {
            case .http(let path): ["httpGet": ["path": .string(path), "port": JSONValue(port)]]
            case .tcp: ["tcpSocket": ["port": JSONValue(port)]]
            }
        for (name, value) in self.timings.members {
            probe[name] = value
        }
        return probe
    }
}

// MARK: - Folders to write to

/// A folder that stays writable under a read-only root file system.
private struct WritablePath {
    let path: String

    var volume: JSONValue {
        ["name": .string(self.volumeName), "emptyDir": .object(JSONObject())]
    }

    var mount: JSONValue {
        ["name": .string(self.volumeName), "mountPath": .string(self.path)]
    }

    private var volumeName: String {
        self.path.split(separator: "/").joined(separator: "-")
    }
}

extension EffectiveComponent {
    fileprivate var writablePaths: [WritablePath] {
        guard self.spec.readOnlyRootFilesystem else { return [] }
        return (["/tmp"] + self.contract.writablePaths.value).map { WritablePath(path: $0) }
    }
}
