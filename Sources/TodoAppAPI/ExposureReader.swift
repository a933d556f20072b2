internal import JSON

/// Reads `spec.exposure`, where the type decides which of the other fields there may be.
enum ExposureReader {
    /// The types as a manifest writes them.
    private enum Kind: String, CaseIterable {
        case clusterIP = "ClusterIP"
        case nodePort = "NodePort"
        case ingress = "Ingress"
        case httpRoute = "HTTPRoute"
    }

    static func read(_ field: FieldReader) -> ExposureSpec? {
        field.object { fields in
            let type = fields.field("type")
            let host = fields.field("host")
            let className = fields.field("className")
            let tlsSecretName = fields.field("tlsSecretName")
            let gateway = fields.field("gateway")

            let hostText = host?.text(.host)
            let classText = className?.text(.objectName)
            let tlsSecretText = tlsSecretName?.text(.objectName)
            let gatewayReference = gateway.flatMap(Self.readGateway)

            // A type that is wrong says nothing of the other fields.
            let kind: Kind? = type?.oneOf()
            if type != nil, kind == nil {
                return nil
            }

            if kind != .ingress, kind != .httpRoute {
                host?.refuse(.conflict, "host is only for exposure types Ingress and HTTPRoute")
            }
            if kind != .ingress {
                className?.refuse(.conflict, "className is only for exposure type Ingress")
                tlsSecretName?.refuse(.conflict, "tlsSecretName is only for exposure type Ingress")
            }
            if kind != .httpRoute {
                gateway?.refuse(.conflict, "gateway is only for exposure type HTTPRoute")
            }

            switch kind {
            case nil:
                return .byEnvironment
            case .clusterIP:
                return .clusterIP
            case .nodePort:
                return .nodePort
            case .ingress:
                if host == nil {
                    field.refuse(.missing, "exposure type Ingress needs a host")
                }
                guard let hostText else { return nil }
                return .ingress(
                    IngressExposure(host: hostText, className: classText, tlsSecretName: tlsSecretText)
                )
            case .httpRoute:
                if gateway == nil {
                    field.refuse(.missing, "exposure type HTTPRoute needs a gateway")
                }
                guard let gatewayReference else { return nil }
                return .httpRoute(HTTPRouteExposure(host: hostText, gateway: gatewayReference))
            }
        }
    }

    private static func readGateway(_ field: FieldReader) -> GatewayReference? {
        field.object { fields in
            let name = fields.required("name")?.text(.objectName)
            let namespace = fields.field("namespace")?.text(.labelName)
            let sectionName = fields.field("sectionName")?.text(.objectName)
            guard let name else { return nil }
            return GatewayReference(name: name, namespace: namespace, sectionName: sectionName)
        }
    }
}
