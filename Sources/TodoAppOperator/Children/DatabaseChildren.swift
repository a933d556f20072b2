internal import JSON
internal import KubernetesAPI
internal import TodoAppAPI

/// The image of the embedded database where the admin names none; it must read the variables of Docker's official image.
public let defaultDatabaseImage = "postgres:15"

extension ChildHead {
    /// The embedded database: its credentials, its volume, its Service, and one pod.
    func database(_ database: EmbeddedDatabase, inputs: RenderInputs) -> [Child] {
        var children = [self.databaseVolume(database), self.databaseService(), self.databasePod(inputs.databaseImage)]
        if let credentials = inputs.database {
            children.insert(self.databaseSecret(credentials, of: database), at: 0)
        }
        if let resource = inputs.served[.networkPolicies], self.app.spec.isNetworkPolicyEnabled {
            children.append(self.databaseFence(resource))
        }
        return children
    }

    private func databaseSecret(_ credentials: DatabaseCredentials, of database: EmbeddedDatabase) -> Child {
        self.child(
            .secrets,
            name: self.app.databaseName,
            annotations: retention(of: database),
            outlivesOwner: database.deletionPolicy == .retain,
            body: ["type": "Opaque", "data": credentials.data.mapValues(Base64.encode).jsonUnlessEmpty]
        )
    }

    /// A claim by itself and none of the StatefulSet's templates: those nobody would delete with the app.
    private func databaseVolume(_ database: EmbeddedDatabase) -> Child {
        self.child(
            .persistentVolumeClaims,
            name: self.app.databaseName,
            annotations: retention(of: database),
            outlivesOwner: database.deletionPolicy == .retain,
            body: [
                "spec": [
                    "accessModes": ["ReadWriteOnce"],
                    "resources": ["requests": ["storage": .string(database.storage.canonicalText)]],
                ]
            ]
        )
    }

    private func databaseService() -> Child {
        self.child(
            .services,
            name: self.app.databaseName,
            body: [
                "spec": [
                    "type": "ClusterIP",
                    "selector": JSONValue(self.databaseSelector),
                    "ports": [["name": "postgresql", "protocol": "TCP", "port": JSONValue(databasePort)]],
                ]
            ]
        )
    }

    private func databasePod(_ image: String) -> Child {
        let labels = ChildLabels.labels(of: self.app, component: nil).merging(self.databaseSelector) { $1 }
        return self.child(
            .statefulSets,
            name: self.app.databaseName,
            body: [
                "spec": [
                    "replicas": self.app.spec.suspended ? 0 : 1,
                    "serviceName": .string(self.app.databaseName),
                    "selector": ["matchLabels": JSONValue(self.databaseSelector)],
                    "template": [
                        "metadata": ["labels": JSONValue(labels)],
                        "spec": self.databasePodSpec(image),
                    ],
                ]
            ]
        )
    }

    private func databasePodSpec(_ image: String) -> JSONValue {
        [
            "serviceAccountName": .string(self.app.serviceAccountName),
            "automountServiceAccountToken": false,
            "enableServiceLinks": false,
            // A checkpoint of a large database takes its time.
            "terminationGracePeriodSeconds": 60,
            // The official image's user; its group is given volume and key. Only once: PostgreSQL refuses data that its group
            // may write, which is what it would be given each time that the volume is mounted.
            "securityContext": [
                "runAsNonRoot": true, "runAsUser": 999, "runAsGroup": 999, "fsGroup": 999,
                "fsGroupChangePolicy": "OnRootMismatch",
                "seccompProfile": ["type": "RuntimeDefault"],
            ],
            "volumes": [
                ["name": "data", "persistentVolumeClaim": ["claimName": .string(self.app.databaseName)]],
                [
                    "name": "tls",
                    // 0440: PostgreSQL refuses a key that others could read.
                    "secret": ["secretName": .string(self.app.databaseName), "defaultMode": 288],
                ],
            ],
            "containers": [self.databaseContainer(image)],
        ]
    }

    private func databaseContainer(_ image: String) -> JSONValue {
        let isReady: JSONValue = [
            "exec": ["command": ["pg_isready", "-q", "-h", "127.0.0.1", "-U", .string(databaseUser)]],
            "periodSeconds": 5, "timeoutSeconds": 5,
        ]
        let password: JSONValue = ["name": .string(self.app.databaseName), "key": "password"]
        return [
            "name": "postgres",
            "image": .string(image),
            "imagePullPolicy": "IfNotPresent",
            "args": [
                "-c", "ssl=on", "-c", "ssl_cert_file=/tls/tls.crt", "-c", "ssl_key_file=/tls/tls.key",
            ],
            "ports": [["name": "postgresql", "containerPort": JSONValue(databasePort), "protocol": "TCP"]],
            "env": [
                ["name": "PGDATA", "value": "/var/lib/postgresql/data/pgdata"],
                ["name": "POSTGRES_DB", "value": .string(databaseUser)],
                ["name": "POSTGRES_PASSWORD", "valueFrom": ["secretKeyRef": password]],
                ["name": "POSTGRES_USER", "value": .string(databaseUser)],
            ],
            "resources": ["requests": ["cpu": "50m", "memory": "64Mi"], "limits": ["memory": "512Mi"]],
            "readinessProbe": isReady,
            "securityContext": ["allowPrivilegeEscalation": false, "capabilities": ["drop": ["ALL"]]],
            "volumeMounts": [
                ["name": "data", "mountPath": "/var/lib/postgresql/data"],
                ["name": "tls", "mountPath": "/tls", "readOnly": true],
            ],
        ]
    }

    /// Nobody but the backend comes in, and nothing goes out.
    private func databaseFence(_ resource: ResourceType) -> Child {
        let backend: JSONValue = ["podSelector": ["matchLabels": ["app": .string("\(self.app.name)-backend")]]]
        return self.child(
            resource,
            name: self.app.databaseName,
            body: [
                "spec": [
                    "podSelector": ["matchLabels": JSONValue(self.databaseSelector)],
                    "policyTypes": ["Ingress", "Egress"],
                    "ingress": [
                        ["from": [backend], "ports": [["protocol": "TCP", "port": JSONValue(databasePort)]]]
                    ],
                ]
            ]
        )
    }

    private var databaseSelector: [String: String] {
        [ChildLabels.app: self.app.databaseName]
    }
}

private func retention(of database: EmbeddedDatabase) -> [String: String] {
    database.deletionPolicy == .retain ? [ChildAnnotation.deletionPolicy: database.deletionPolicy.rawValue] : [:]
}
