import JSON
import KubernetesAPI
import Testing
import TodoAppAPI

@testable import TodoAppOperator

/// The embedded database.
struct DatabaseChildrenTests {
    private static let credentials = DatabaseCredentials(
        password: Array("s3cret".utf8),
        certificate: Array("certificate".utf8),
        key: Array("key".utf8)
    )

    private func app(_ policy: SecretsSpec.DeletionPolicy = .delete, suspended: Bool = false) throws -> EffectiveApp {
        let storage = try #require(Quantity("2Gi"))
        return Sample.taskflow.app(in: .minikube) { spec in
            spec.database = .embedded(EmbeddedDatabase(storage: storage, deletionPolicy: policy))
            spec.networkPolicy = .enabled
            spec.suspended = suspended
        }
    }

    private func database(_ app: EffectiveApp) -> [Child] {
        var inputs = app.sampleInputs
        inputs.database = Self.credentials
        return children(of: app, inputs: inputs).filter { $0.name == app.databaseName }
    }

    @Test("The embedded database is that of the golden file, byte by byte")
    func golden() throws {
        let text = try yamlText(self.database(self.app()).map(\.manifest))
        try GoldenRender.expect(text, "database")
    }

    @Test("The database's image is the one that the operator was told")
    func image() throws {
        let app = try self.app()
        var inputs = app.sampleInputs
        inputs.databaseImage = "registry.example.com/postgresql:16"
        let pod = children(of: app, inputs: inputs).manifest("StatefulSet", app.databaseName)
        #expect(pod.at("spec.template.spec.containers[0].image") == "registry.example.com/postgresql:16")
    }

    @Test("Volume and credentials outlive the app where that is wanted, and nothing else does")
    func retained() throws {
        let owned = try self.database(self.app(.retain)).filter { $0.manifest.at("metadata.ownerReferences") != nil }
        #expect(Set(owned.map(\.resource.kind)) == ["Service", "StatefulSet", "NetworkPolicy"])
        let all = try self.database(self.app(.delete))
        #expect(all.allSatisfy { $0.manifest.at("metadata.ownerReferences") != nil })
    }

    @Test("A suspended app's database has no pod, and keeps its volume")
    func suspended() throws {
        let children = try self.database(self.app(suspended: true))
        #expect(children.manifest("StatefulSet", "taskflow-postgres").at("spec.replicas") == 0)
        #expect(children.manifest("PersistentVolumeClaim", "taskflow-postgres") != .null)
    }

    @Test("The DATABASE_URL names user, password, Service and database, asks for TLS, and keeps every contract's rule")
    func url() throws {
        let app = try self.app()
        let url = Self.credentials.url(of: app)
        let text = "postgresql://todo:s3cret@taskflow-postgres.todo-app.svc:5432/todo?ssl=require"
        #expect(String(decoding: url, as: UTF8.self) == text)
        #expect(SecretRule.postgresURL(requiresTLS: true).accepts(url))
    }

    @Test("A certificate is made for the Service's names, each time another one")
    func certificate() throws {
        let first = try #require(SelfSignedCertificate.make(commonName: "a", hosts: ["a", "a.b", "a.b.svc"]))
        let second = try #require(SelfSignedCertificate.make(commonName: "a", hosts: ["a"]))
        #expect(first != second)
        #expect(String(decoding: first.certificate, as: UTF8.self).hasPrefix("-----BEGIN CERTIFICATE-----"))
        #expect(String(decoding: first.key, as: UTF8.self).hasPrefix("-----BEGIN PRIVATE KEY-----"))
    }

    @Test("Credentials are read back as they were written, and only whole")
    func credentials() {
        #expect(DatabaseCredentials(Self.credentials.data) == Self.credentials)
        var half = Self.credentials.data
        half["tls.key"] = nil
        #expect(DatabaseCredentials(half) == nil)
    }
}
