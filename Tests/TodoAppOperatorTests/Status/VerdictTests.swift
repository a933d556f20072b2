import JSON
import TestFiles
import Testing
import YAML

/// What the tools of others conclude from a TodoApp in each phase of its life.
///
/// The phases were recorded from a real cluster: `hack/record-statuses` writes them anew.
struct VerdictTests {
    /// A recorded phase, and what each tool must say of it.
    struct Row: CustomTestStringConvertible {
        var phase: String
        /// kstatus', and by that Flux's health check and Helm 4's `--wait`.
        var kstatus: Kstatus
        /// Argo CD's.
        var argo: String
        /// Whether `kubectl wait --for=condition=Ready` returns.
        var isReady = false

        var testDescription: String { self.phase }

        func object() throws -> JSONValue {
            try JSONValue(parsing: TestFolder.read("Fixtures/statuses/\(self.phase).json"))
        }
    }

    static let rows = [
        // Nobody has looked at it yet: that is not well, whatever a tool takes for the normal case.
        Row(phase: "unseen", kstatus: .inProgress, argo: "Progressing"),
        Row(phase: "first-write", kstatus: .inProgress, argo: "Progressing"),
        Row(phase: "rolling-out", kstatus: .inProgress, argo: "Progressing"),
        Row(phase: "ready", kstatus: .current, argo: "Healthy", isReady: true),
        // The status still says Ready, of the spec before.
        Row(phase: "outdated", kstatus: .inProgress, argo: "Progressing"),
        // Users are served by the old pods; the change has failed all the same.
        Row(phase: "failed-rollout", kstatus: .failed, argo: "Degraded"),
        // Kubernetes goes on trying, so a wait goes on too; Argo CD has a word for what fails meanwhile.
        Row(phase: "crash-loop", kstatus: .inProgress, argo: "Degraded"),
        Row(phase: "unschedulable", kstatus: .inProgress, argo: "Degraded"),
        Row(phase: "pod-lost", kstatus: .inProgress, argo: "Degraded"),
        Row(phase: "deadline-exceeded", kstatus: .failed, argo: "Degraded"),
        Row(phase: "secret-not-found", kstatus: .inProgress, argo: "Degraded"),
        Row(phase: "invalid-spec", kstatus: .failed, argo: "Degraded"),
        Row(phase: "ownership-conflict", kstatus: .failed, argo: "Degraded"),
        // Nothing waits: what runs is what is wanted.
        Row(phase: "paused", kstatus: .current, argo: "Healthy", isReady: true),
        Row(phase: "paused-with-changes", kstatus: .inProgress, argo: "Suspended"),
        // What the spec wants is there: nothing.
        Row(phase: "suspended", kstatus: .current, argo: "Suspended", isReady: true),
        Row(phase: "deleting", kstatus: .terminating, argo: "Progressing"),
    ]

    @Test("kstatus, and by it Flux and Helm, come to the right verdict", arguments: rows)
    func kstatus(row: Row) throws {
        let verdict = Kstatus(try row.object())
        #expect(verdict == row.kstatus)
        #expect((verdict.wait == .succeeds) == row.isReady, "a wait succeeds where the app is ready, and nowhere else")
    }

    @Test("kubectl wait for Ready returns where the app is ready, and nowhere else", arguments: rows)
    func kubectlWait(row: Row) throws {
        #expect(isKubectlWaitMet(try row.object()) == row.isReady)
    }

    @Test("A TodoApp that is gone is NotFound")
    func gone() {
        #expect(Kstatus(nil) == .notFound)
    }

    @Test(
        "Reconciling and Stalled are never both there, and each condition speaks of the observed spec",
        arguments: rows
    )
    func conditions(row: Row) throws {
        let object = try row.object()
        let conditions = object["status"]?["conditions"]?.array ?? []
        let types = conditions.compactMap { $0["type"]?.string }
        #expect(!(types.contains("Reconciling") && types.contains("Stalled")))
        #expect(types.isEmpty == (row.phase == "unseen"))
        for condition in conditions {
            #expect(condition["observedGeneration"] == object["status"]?["observedGeneration"])
            #expect(condition["reason"]?.string?.isEmpty == false)
        }
    }

    @Test(
        "Argo CD comes to the right verdict, and says why",
        .enabled(if: ArgoHealth.isThere, "hack/setup installs Lua 5.1")
    )
    func argo() throws {
        let script = try TestFolder.read("../../config/argocd/health.lua")
        let verdicts = try ArgoHealth.verdicts(of: script, on: Self.rows.map { try $0.object() })
        for (row, verdict) in zip(Self.rows, verdicts) {
            #expect(verdict.status == row.argo, "\(row.phase): \(verdict.message)")
            #expect(!verdict.message.isEmpty, "\(row.phase)")
        }
    }

    @Test("The ConfigMap for Argo CD has the script, word by word")
    func configMap() throws {
        let documents = try YAML.documents(in: TestFolder.read("../../config/argocd/argocd-cm.yaml"))
        let data = documents.first?.value["data"]
        let script = try TestFolder.read("../../config/argocd/health.lua")
        #expect(data?["resource.customizations.health.todo.taskflow.dev_TodoApp"]?.string == script)
    }
}
