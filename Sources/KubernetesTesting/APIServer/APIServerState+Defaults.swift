internal import JSON
internal import KubernetesAPI

extension APIServerState {
    /// What the API server fills in by itself, as far as operators meet it: addresses and ports of Services, keys of lists.
    ///
    /// - Parameter old: The object as it is; `nil` for a new one.
    func withDefaults(
        _ object: JSONValue,
        _ resource: SimulatedResource,
        old: JSONValue?
    ) throws(APIFailure) -> JSONValue {
        var object = object
        object["apiVersion"] = .string(resource.type.apiVersion)
        object["kind"] = .string(resource.type.kind)
        switch resource.type {
        case .namespaces:
            object["status"] = object["status"] ?? ["phase": "Active"]
        case .secrets:
            object = Self.secret(object)
        case .services:
            object = try self.service(object, old: old)
        case .deployments:
            if object["spec"]?["replicas"] == nil { object["spec"]?["replicas"] = 1 }
            if let template = object["spec"]?["template"] { object["spec"]?["template"] = Self.template(template) }
        case .replicaSets:
            if let template = object["spec"]?["template"] { object["spec"]?["template"] = Self.template(template) }
        case .pods:
            object = Self.template(object)
        default:
            break
        }
        return object
    }

    /// What is written as text is stored as bytes.
    private static func secret(_ object: JSONValue) -> JSONValue {
        var object = object
        for member in object["stringData"]?.object ?? JSONObject() {
            if object["data"] == nil { object["data"] = [:] }
            object["data"]?[member.key] = .string(Base64.encode(Array((member.value.string ?? "").utf8)))
        }
        object["stringData"] = nil
        object["type"] = object["type"] ?? "Opaque"
        return object
    }

    /// Ports of containers say their protocol: it is a part of their key.
    private static func template(_ template: JSONValue) -> JSONValue {
        var template = template
        for list in ["containers", "initContainers"] {
            guard let containers = template["spec"]?[list]?.array else { continue }
            template["spec"]?[list] = .array(
                containers.map { container in
                    var container = container
                    if let ports = container["ports"]?.array {
                        container["ports"] = .array(ports.map(Self.withProtocol))
                    }
                    return container
                }
            )
        }
        return template
    }

    private static func withProtocol(_ port: JSONValue) -> JSONValue {
        var port = port
        port["protocol"] = port["protocol"] ?? "TCP"
        return port
    }

    // MARK: Services

    private func service(_ object: JSONValue, old: JSONValue?) throws(APIFailure) -> JSONValue {
        var object = object
        guard var spec = object["spec"] else { return object }
        spec["type"] = spec["type"] ?? "ClusterIP"
        spec["sessionAffinity"] = spec["sessionAffinity"] ?? "None"
        if spec["type"]?.string != "ExternalName", spec["clusterIP"] == nil {
            let number = self.store.version
            spec["clusterIP"] = old?["spec"]?["clusterIP"] ?? "10.96.\(number / 250 % 250).\(number % 250 + 1)"
        }
        let wantsNodePorts = ["NodePort", "LoadBalancer"].contains(spec["type"]?.string ?? "")
        // Most Services want none, and there may be a hundred thousand of them.
        var taken = wantsNodePorts ? self.nodePorts(besides: old?["metadata"]?["uid"]) : []
        var ports: [JSONValue] = []
        for (index, wanted) in (spec["ports"]?.array ?? []).enumerated() {
            var port = Self.withProtocol(wanted)
            port["targetPort"] = port["targetPort"] ?? port["port"]
            if wantsNodePorts {
                let kept = old?["spec"]?["ports"]?.array?.first { $0["port"] == port["port"] }?["nodePort"]?.integer
                let asked = port["nodePort"]?.integer ?? 0
                if asked != 0, taken.contains(asked) {
                    throw .invalid(
                        .services,
                        object["metadata"]?["name"]?.string ?? "",
                        field: "spec.ports[\(index)].nodePort",
                        "Invalid value: \(asked): provided port is already allocated"
                    )
                }
                let number = asked != 0 ? asked : kept ?? (30_500...32_767).first { !taken.contains($0) } ?? 0
                taken.insert(number)
                port["nodePort"] = .integer(number)
            } else {
                port["nodePort"] = nil
            }
            ports.append(port)
        }
        spec["ports"] = .array(ports)
        object["spec"] = spec
        object["status"] = object["status"] ?? ["loadBalancer": [:]]
        return object
    }

    /// The node ports of all Services but the one of this UID.
    private func nodePorts(besides uid: JSONValue?) -> Set<Int64> {
        Set(
            self.store.objects("services").values.filter { $0["metadata"]?["uid"] != uid }.flatMap { service in
                (service["spec"]?["ports"]?.array ?? []).compactMap { $0["nodePort"]?.integer }
            }
        )
    }
}
