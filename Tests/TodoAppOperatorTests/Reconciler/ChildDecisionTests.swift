import JSON
import KubernetesAPI
import Testing
import TodoAppAPI

@testable import TodoAppOperator

@Suite("ChildDecision")
struct ChildDecisionTests {
    private static let app = ObjectMeta(
        name: "taskflow",
        namespace: "todo-app",
        uid: "11111111-2222-3333-4444-555555555555"
    )
    private let deployment: Child

    init() throws {
        let children = Sample.taskflow.app(in: .production).sampleChildren
        self.deployment = try #require(children.first { $0.resource == .deployments })
    }

    /// What is decided about a child whose live object is the manifest as the API server would store it, changed.
    private func decision(
        _ child: Child? = nil,
        change: (inout JSONValue) -> Void = { _ in }
    ) throws -> ChildDecision {
        let child = child ?? self.deployment
        var live = child.manifest
        live["metadata"]?["uid"] = "live-uid"
        live["metadata"]?["resourceVersion"] = "7"
        change(&live)
        return ChildDecision(child, live: try LiveObject(answer: live), owner: Self.app)
    }

    /// Changes the one container of a Deployment.
    private func container(_ change: @escaping (inout JSONValue) -> Void) -> (inout JSONValue) -> Void {
        { live in
            var container = live.at("spec.template.spec.containers[0]") ?? .null
            change(&container)
            live["spec"]?["template"]?["spec"]?["containers"] = [container]
        }
    }

    /// Gives the live object another owner, or none.
    private static func setOwner(_ owner: JSONValue?, _ annotations: [String: String], of live: inout JSONValue) {
        live["metadata"]?["ownerReferences"] = owner.map { [$0] }
        live["metadata"]?["annotations"] = JSONValue(annotations)
    }

    private static func owner(kind: String, uid: String) -> JSONValue {
        OwnerReference(apiVersion: "x/v1", kind: kind, name: "other", uid: uid, isController: true).json
    }

    @Test("What is not there is created")
    func create() {
        #expect(ChildDecision(self.deployment, live: nil, owner: Self.app) == .create)
    }

    @Test("What holds all that is wanted is kept, for every child of every sample")
    func keep() throws {
        for sample in Sample.allCases {
            for environment in AppEnvironment.allCases {
                for child in sample.app(in: environment).sampleChildren {
                    #expect(try self.decision(child) == .keep, "\(sample) \(environment) \(child.name)")
                }
            }
        }
    }

    @Test("What the API server adds by itself, and what others add, changes nothing")
    func serverDefaults() throws {
        let decision = try self.decision { live in
            live["status"] = ["replicas": 2]
            live["spec"]?["revisionHistoryLimit"] = 10
            live["spec"]?["template"]?["spec"]?["dnsPolicy"] = "ClusterFirst"
            live["metadata"]?["labels"]?["team"] = "blue"
            live["metadata"]?["annotations"]?["deployment.kubernetes.io/revision"] = "3"
            self.container { container in
                container["terminationMessagePath"] = "/dev/termination-log"
                container["ports"] = [["name": "http", "containerPort": 8000, "protocol": "TCP"]]
            }(&live)
        }
        #expect(decision == .keep)
    }

    @Test(
        "A quantity is the same however the API server writes it",
        arguments: [("cpu", "0.5", "500m"), ("cpu", "500000u", "500m"), ("memory", "0.5Gi", "512Mi")]
    )
    func quantities(_ resource: String, _ live: String, _ wanted: String) throws {
        #expect(
            try self.decision(change: self.container { $0["resources"]?["limits"]?[resource] = .string(live) }) == .keep
        )
        #expect(
            self.deployment.manifest.at("spec.template.spec.containers[0].resources.limits.\(resource)")
                == .string(wanted)
        )
    }

    @Test("A thousand thousandths are one")
    func wholeCPU() throws {
        let children = Sample.groq.app(in: .production).sampleChildren
        let groq = try #require(children.first { $0.resource == .deployments })
        for spelling in ["1", "1000m"] {
            let decision = try self.decision(
                groq,
                change: self.container { $0["resources"]?["limits"]?["cpu"] = .string(spelling) }
            )
            #expect(decision == .keep)
        }
    }

    @Test("Another quantity is a difference, and elsewhere than in resources a spelling counts")
    func otherQuantities() throws {
        let cpu = try self.decision(change: self.container { $0["resources"]?["limits"]?["cpu"] = "501m" })
        #expect(cpu.updatedField == "spec.template.spec.containers[0].resources.limits.cpu")
        #expect(try self.decision { $0["metadata"]?["labels"]?["app"] = "x" }.updatedField == "metadata.labels.app")
    }

    @Test("What differs is updated, bound to the object that was looked at")
    func update() throws {
        let image = try self.decision(change: self.container { $0["image"] = "other:1" })
        #expect(image.updatedField == "spec.template.spec.containers[0].image")
        #expect(try self.decision { $0["spec"]?["replicas"] = 7 }.updatedField == "spec.replicas")
        let label = try self.decision { $0["metadata"]?["labels"]?["app.kubernetes.io/part-of"] = nil }
        #expect(label.updatedField?.contains("part-of") == true)
        let shape = try self.decision { $0["metadata"]?["annotations"]?[ChildAnnotation.appliedFields] = "x" }
        #expect(shape.updatedField?.contains("applied-fields") == true)
    }

    @Test("What differs behind the metadata is named before what differs in it")
    func bodyFirst() throws {
        let decision = try self.decision { live in
            live["metadata"]?["labels"]?["app"] = "x"
            live["spec"]?["replicas"] = 7
        }
        #expect(decision.updatedField == "spec.replicas")
    }

    @Test("The items of a list do not name their type, and lack nothing by that")
    func listItem() throws {
        let decision = try self.decision { live in
            live["apiVersion"] = nil
            live["kind"] = nil
        }
        #expect(decision == .keep)
    }

    @Test("A field that is no longer wanted shows by the shape that was applied")
    func prunedField() throws {
        let old = Sample.taskflow.app(in: .production) { spec in
            spec.backend.env = [EnvironmentVariable(name: "EXTRA", value: "x")]
        }
        let oldDeployment = try #require(old.sampleChildren.first { $0.resource == .deployments })
        var live = oldDeployment.manifest
        live["metadata"]?["uid"] = "live-uid"
        let decision = ChildDecision(
            self.deployment,
            live: try LiveObject(answer: live),
            owner: Self.app
        )
        #expect(decision.updatedField != nil)
    }

    @Test("What belongs to somebody else is left alone, and the owner named")
    func strangers() throws {
        #expect(
            try self.decision { Self.setOwner(Self.owner(kind: "TodoApp", uid: "other"), [:], of: &$0) }
                == .refuse(owner: "TodoApp other")
        )
        #expect(try self.decision { Self.setOwner(nil, [:], of: &$0) } == .refuse(owner: "somebody else"))
        #expect(
            try self.decision { Self.setOwner(nil, [ChildAnnotation.ownerUID: "another"], of: &$0) }
                == .refuse(owner: "somebody else")
        )
    }

    @Test("A foreign object may be taken over where its owner says so, and only with that very word")
    func adoption() throws {
        #expect(
            try self.decision { Self.setOwner(nil, [ChildAnnotation.adopt: "true"], of: &$0) }
                == .adopt(uid: "live-uid")
        )
        for word in ["false", "yes", "True", ""] {
            #expect(
                try self.decision { Self.setOwner(nil, [ChildAnnotation.adopt: word], of: &$0) }
                    == .refuse(owner: "somebody else")
            )
        }
    }

    @Test("What another controller owns cannot be taken over, whatever its annotation says")
    func ownedAdoption() throws {
        let helm = Self.owner(kind: "HelmRelease", uid: "h")
        #expect(
            try self.decision { Self.setOwner(helm, [ChildAnnotation.adopt: "true"], of: &$0) }
                == .refuse(owner: "HelmRelease other")
        )
    }

    @Test("An own child from which the owner reference was taken is known by its annotation, and mended")
    func strippedOwner() throws {
        #expect(
            try self.decision { $0["metadata"]?["ownerReferences"] = nil }.updatedField != nil
        )
    }

    @Test("An owner that is no controller does not make a stranger of an own child")
    func secondOwner() throws {
        let decision = try self.decision { live in
            let own = live.at("metadata.ownerReferences[0]") ?? .null
            var other = Self.owner(kind: "Backup", uid: "b")
            other["controller"] = false
            live["metadata"]?["ownerReferences"] = [other, own]
        }
        #expect(decision == .keep)
    }
}

extension ChildDecision {
    /// The field that is the reason to update the live object of these tests; `nil` where it is not updated.
    fileprivate var updatedField: String? {
        guard case .update("live-uid", let field) = self else { return nil }
        return "\(field)"
    }
}
