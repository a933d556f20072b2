import JSON
import KubernetesAPI
import Testing
import TodoAppAPI

@testable import TodoAppOperator

/// What `render --diff` says.
struct AppDiffTests {
    private static let app = Sample.taskflow.app(in: .minikube)
    private static let uid = "11111111-2222-3333-4444-555555555555"

    @Test("An app that the cluster does not have is created, child by child")
    func created() {
        let diff = diff(of: Self.app, live: [:])
        #expect(
            diff.text == """
                TodoApp todo-app/taskflow
                  + ServiceAccount taskflow
                  + Secret taskflow-secrets
                  + ConfigMap taskflow-config
                  + Service taskflow-backend
                  + Service taskflow-frontend
                  + Deployment taskflow-backend
                  + Deployment taskflow-frontend

                """
        )
        #expect(!diff.isEmpty)
    }

    @Test("Where the cluster holds everything, nothing is said", arguments: Sample.allCases)
    func same(sample: Sample) {
        let app = sample.app(in: .production)
        let diff = diff(of: app, live: stored(app))
        #expect(diff.text.isEmpty)
        #expect(diff.isEmpty)
    }

    @Test("A changed field shows the old and the new value, and lists call their elements by name")
    func changed() {
        let after = Sample.taskflow.app(in: .minikube) { spec in
            spec.version = "1.1.0"
            spec.backend.env = [EnvironmentVariable(name: "MODE", value: "fast")]
        }
        let text = diff(of: after, live: stored(Self.app)).text
        let container = "spec.template.spec.containers[backend]"
        #expect(text.contains("  ~ Deployment taskflow-backend\n"))
        #expect(text.contains("      ~ \(container).image: \"taskflow-backend:1.0.0\" → \"taskflow-backend:1.1.0\"\n"))
        #expect(text.contains("      + \(container).env[MODE]: {\"name\":\"MODE\","))
        #expect(text.contains("      + data[\"backend.MODE\"]: \"fast\"\n"))
        #expect(!text.contains("applied-fields"))
        #expect(text.contains("~ metadata.labels[\"app.kubernetes.io/version\"]: \"1.0.0\" → \"1.1.0\""))
    }

    @Test("What the operator applied and no longer wants is shown to go away, and what others have written is not")
    func removed() throws {
        let before = Sample.taskflow.app(in: .minikube) {
            $0.backend.env = [EnvironmentVariable(name: "MODE", value: "fast")]
        }
        var live = stored(before)
        live["configmaps/taskflow-config"]?["data"]?["theirs"] = "stays"
        live["configmaps/taskflow-config"]?["metadata"]?["managedFields"] = [
            [
                "manager": "todoapp-operator", "operation": "Apply",
                "fieldsV1": ["f:data": [".": [:], "f:backend.MODE": [:], "f:BACKEND_URL": [:]]],
            ],
            ["manager": "somebody", "operation": "Update", "fieldsV1": ["f:data": ["f:theirs": [:]]]],
        ]
        live["deployments/taskflow-backend"]?["metadata"]?["managedFields"] = [
            [
                "manager": "todoapp-operator", "operation": "Update",
                "fieldsV1": try JSONValue(
                    parsing: #"""
                        {"f:spec":{"f:template":{"f:spec":{"f:containers":{"k:{\"name\":\"backend\"}":{".":{},"f:env":{
                        "k:{\"name\":\"MODE\"}":{".":{},"f:name":{}},"k:{\"name\":\"FRONTEND_URL\"}":{".":{}}}}}}}}}
                        """#
                ),
            ]
        ]
        let text = diff(of: Self.app, live: live).text
        #expect(text.contains("      - data[\"backend.MODE\"]: \"fast\"\n"))
        #expect(text.contains("      - spec.template.spec.containers[backend].env[MODE]: {"))
        #expect(!text.contains("theirs"))
        #expect(!text.contains("- spec.template.spec.containers[backend].env[FRONTEND_URL]"))
    }

    @Test("No value of a Secret is shown, whichever way it would change")
    func secrecy() {
        var live = stored(Self.app)
        live["secrets/taskflow-secrets"]?["data"]?["DATABASE_URL"] = "b2xkLXZhbHVl"
        live["secrets/taskflow-secrets"]?["data"]?["BETTER_AUTH_SECRET"] = nil
        let text = diff(of: Self.app, live: live).text
        #expect(
            text == """
                TodoApp todo-app/taskflow
                  ~ Secret taskflow-secrets
                      + data.BETTER_AUTH_SECRET: its value is not shown
                      ~ data.DATABASE_URL: its value is not shown

                """
        )
        live["secrets/taskflow-secrets"]?["data"] = nil
        let whole = diff(of: Self.app, live: live).text
        #expect(whole.contains("      + data: its value is not shown\n"))
        for value in Self.app.sampleSecret.values {
            #expect(!whole.contains(Base64.encode(value)))
        }
    }

    @Test("A stranger of a child's name is left alone, what nobody wants goes, and problems come first")
    func strangers() {
        var live = stored(Self.app)
        live["services/taskflow-backend"]?["metadata"]?["ownerReferences"] = nil
        live["services/taskflow-backend"]?["metadata"]?["annotations"] = nil
        let diff = diff(
            of: Self.app,
            live: live,
            unwanted: [(kind: "PodDisruptionBudget", name: "taskflow-backend")],
            problems: ["ReferencedKeyNotFound: key OPENAI_API_KEY is missing in Secret credentials"]
        )
        #expect(
            diff.text == """
                TodoApp todo-app/taskflow
                  ! ReferencedKeyNotFound: key OPENAI_API_KEY is missing in Secret credentials
                  ! Service taskflow-backend belongs to somebody else and is left as it is
                  - PodDisruptionBudget taskflow-backend

                """
        )
    }

    private func diff(
        of app: EffectiveApp,
        live: [String: JSONValue],
        unwanted: [(kind: String, name: String)] = [],
        problems: [String] = []
    ) -> AppDiff {
        AppDiff(
            app: "\(app.namespace)/\(app.name)",
            children: app.sampleChildren,
            live: { live["\($0.resource.plural)/\($0.name)"] },
            unwanted: unwanted,
            owner: ObjectMeta(name: "taskflow", namespace: "todo-app", uid: Self.uid),
            problems: problems
        )
    }

    /// The children as an API server would hold them.
    private func stored(_ app: EffectiveApp) -> [String: JSONValue] {
        var objects: [String: JSONValue] = [:]
        for child in app.sampleChildren {
            var object = child.manifest
            object["metadata"]?["uid"] = .string("uid-of-\(child.name)")
            object["metadata"]?["resourceVersion"] = "1"
            objects["\(child.resource.plural)/\(child.name)"] = object
        }
        return objects
    }
}
