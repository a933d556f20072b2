import JSON
import KubernetesAPI
import Testing

@Suite("DeploymentStatus")
struct DeploymentStatusTests {
    @Test("The controller's figures are read, and the condition of a type is found")
    func whole() {
        let status = DeploymentStatus(of: [
            "metadata": ["annotations": ["deployment.kubernetes.io/revision": "7"]],
            "spec": ["replicas": 3],
            "status": [
                "observedGeneration": 5, "replicas": 4, "updatedReplicas": 2, "readyReplicas": 3,
                "availableReplicas": 1,
                "conditions": [["type": "Progressing", "status": "True", "reason": "ReplicaSetUpdated"]],
            ],
        ])
        #expect(status.desired == 3)
        #expect(status.observedGeneration == 5)
        #expect(status.replicas == 4)
        #expect(status.updated == 2)
        #expect(status.ready == 3)
        #expect(status.available == 1)
        #expect(status.revision == "7")
        #expect(status.condition("Progressing")?.reason == "ReplicaSetUpdated")
        #expect(status.condition("Available") == nil)
    }

    @Test("A Deployment that nobody has looked at wants one pod, as the API says, and has none")
    func fresh() {
        let status = DeploymentStatus(of: ["metadata": ["name": "web"], "spec": [:]])
        #expect(status.desired == 1)
        #expect(status.observedGeneration == 0)
        #expect(status.replicas == 0 && status.updated == 0 && status.ready == 0 && status.available == 0)
        #expect(status.revision.isEmpty)
        #expect(status.conditions.isEmpty)
    }
}
