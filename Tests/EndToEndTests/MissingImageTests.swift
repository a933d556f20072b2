import Foundation
import JSON
import Testing

extension EndToEnd {
    /// An image that is not in the node.
    @Suite(.together)
    struct MissingImageTests {
        @Test("A missing image is named with what to do about it, and loading it heals the app without another hand")
        func heals() async throws {
            try await TestNamespace.with("image") { namespace in
                let cluster = namespace.stage.cluster
                let image = "taskflow-backend:e2e-\(UUID().uuidString.lowercased().prefix(8))"
                let app = try await namespace.run(Manifest.taskflow("taskflow", ["backend": ["image": .string(image)]]))
                try await app.waitUntil("says ImageNotPresent", within: .seconds(60)) {
                    $0.condition("Ready")?["reason"] == "ImageNotPresent"
                }
                #expect(app.object.condition("Ready")?["status"] == "False")
                #expect(app.text("Ready").contains("minikube image load \(image)"))
                #expect(app.text("Degraded").hasPrefix("True/ImageNotPresent"))
                #expect(app.text("Stalled").hasPrefix("True/ImageNotPresent"))
                let failure = app.object.at("status.components.backend.failures[0]")
                #expect(failure?["reason"] == "ImageNotPresent")
                #expect(failure?["hint"]?.string?.contains("minikube image load \(image)") == true)

                let archive = ClusterUnderTest.file("build/sample-images/taskflow-backend-1.0.0.tar")
                let load = try await ProgramRun(
                    ClusterUnderTest.file("hack/cluster"), ["--name", cluster.name, "load", "--as", image, archive]
                )
                #expect(load.exitCode == 0, "\(load.errors)")
                try await app.waitUntilReady()
                #expect(app.object.condition("Stalled") == nil)
                #expect(app.object.at("status.components.backend.failures") == nil)
            }
        }
    }
}
