import JSON
import KubernetesAPI
import KubernetesTesting

@testable import TodoAppOperator

extension SimulatedAPIServer {
    /// What the controllers of Deployments, ReplicaSets and StatefulSets, and the kubelets, make of what the operator wants: all
    /// pods are there and ready at once.
    ///
    /// What belongs to no TodoApp is left alone.
    func finishRollouts(in namespace: String) {
        for deployment in self.objects(.deployments, namespace: namespace) where Self.isToBeFinished(deployment) {
            self.finish(deployment, in: namespace)
        }
        for set in self.objects(.statefulSets, namespace: namespace) where Self.isToBeFinished(set) {
            let name = set["metadata"]?["name"]?.string ?? ""
            self.put(.statefulSets, ObjectKey(namespace: namespace, name: name)) { set in
                let count = set["spec"]?["replicas"] ?? 1
                set["status"] = [
                    "observedGeneration": set["metadata"]?["generation"] ?? 0, "replicas": count,
                    "readyReplicas": count,
                ]
            }
        }
    }

    private static func isToBeFinished(_ object: JSONValue) -> Bool {
        let metadata = object["metadata"]
        return metadata?["ownerReferences"]?[0]?["kind"]?.string == TodoAppObject.resource.kind
            && object["status"]?["observedGeneration"] != metadata?["generation"]
    }

    private func finish(_ deployment: JSONValue, in namespace: String) {
        let generation = deployment["metadata"]?["generation"]
        let name = deployment["metadata"]?["name"]?.string ?? ""
        let key = ObjectKey(namespace: namespace, name: name)
        let labels = deployment["spec"]?["template"]?["metadata"]?["labels"] ?? [:]
        let replicas = deployment["spec"]?["replicas"]?.integer ?? 1
        let set = self.put(.replicaSets, key) { set in
            set["metadata"]?["labels"] = labels
            set["metadata"]?["annotations"] = ["deployment.kubernetes.io/revision": "1"]
            set["metadata"]?["ownerReferences"] = [Self.owner("Deployment", deployment)]
        }
        guard let set else { return }
        for number in 0..<replicas {
            self.put(.pods, ObjectKey(namespace: namespace, name: "\(name)-\(number)")) { pod in
                pod["metadata"]?["labels"] = labels
                pod["metadata"]?["ownerReferences"] = [Self.owner("ReplicaSet", set)]
                pod["status"] = ["conditions": [["type": "Ready", "status": "True"]]]
            }
        }
        self.put(.deployments, key) { deployment in
            deployment["metadata"]?["annotations"]?["deployment.kubernetes.io/revision"] = "1"
            let count = JSONValue.integer(replicas)
            deployment["status"] = [
                "observedGeneration": generation ?? 0, "replicas": count, "updatedReplicas": count,
                "readyReplicas": count, "availableReplicas": count,
                "conditions": [["type": "Progressing", "status": "True", "reason": "NewReplicaSetAvailable"]],
            ]
        }
    }

    private static func owner(_ kind: String, _ object: JSONValue) -> JSONValue {
        [
            "apiVersion": "apps/v1", "kind": .string(kind), "name": object["metadata"]?["name"] ?? "",
            "uid": object["metadata"]?["uid"] ?? "", "controller": true,
        ]
    }
}
