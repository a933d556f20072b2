import ImageContracts
import TestFiles
import Testing
import TodoAppAPI
import TodoAppOperator

/// What `dockerfile` prints, whole.
///
/// `UPDATE_GOLDEN=1` writes the files anew; the difference is then to be read.
struct GoldenDockerfileTests {
    @Test(
        "A contract's Dockerfile and ignore file are those of the golden files, byte by byte",
        arguments: ContractName.allCases,
        ComponentName.allCases
    )
    func golden(contract: ContractName, component: ComponentName) throws {
        let image = ImageContract.of(contract, component)
        let name = "Golden/\(contract.rawValue)-\(component.rawValue)"
        for (text, file) in [(image.dockerfile, "\(name).Dockerfile"), (image.dockerignore, "\(name).dockerignore")] {
            if TestFolder.isUpdating { try TestFolder.write(text, to: file) }
            #expect(try text == TestFolder.read(file))
        }
    }

    @Test(
        "The check has nothing to say of what the generator writes, not even a note",
        arguments: ContractName.allCases,
        ComponentName.allCases
    )
    func generatedIsClean(contract: ContractName, component: ComponentName) throws {
        let image = ImageContract.of(contract, component)
        let findings = DockerfileCheck(try Dockerfile(parsing: image.dockerfile), against: image).findings()
        #expect(findings == [])
    }

    private static var adapted: ImageContract {
        var parameters = ImageParameters()
        parameters.base = "python:3.12-slim"
        parameters.app = "service.api:application"
        parameters.port = 9000
        parameters.healthPath = .some("/alive")
        parameters.user = NumericUser(uid: 4711)
        parameters.workers = 2
        parameters.sources = ["service", "settings.toml"]
        parameters.buildPackages = ["gcc"]
        parameters.secretKeys = ["STRIPE"]
        return ImageContract.of(.fastapi, .backend).adapted(to: parameters)
    }

    @Test("Another FastAPI app's Dockerfile has all that is otherwise there, and meets the check with the same options")
    func parameters() throws {
        let text = Self.adapted.dockerfile
        for line in [
            "FROM python:3.12-slim AS final", "EXPOSE 9000", "USER 4711:4711",
            "COPY --chown=4711:4711 service ./service",
            "COPY --chown=4711:4711 settings.toml ./", "http://127.0.0.1:9000/alive", "--no-install-recommends gcc",
            #"CMD ["uvicorn", "service.api:application", "--host", "0.0.0.0", "--port", "9000", "--workers", "2"]"#,
        ] {
            #expect(text.contains(line))
        }
        let findings = DockerfileCheck(try Dockerfile(parsing: text), against: Self.adapted).findings()
        #expect(findings == [])
    }

    @Test("An app without a health path has no health check, and the check asks for none")
    func noHealthCheck() throws {
        var parameters = ImageParameters()
        parameters.healthPath = .some(nil)
        let image = ImageContract.of(.fastapi, .backend).adapted(to: parameters)
        #expect(!image.dockerfile.contains("HEALTHCHECK"))
        #expect(DockerfileCheck(try Dockerfile(parsing: image.dockerfile), against: image).findings() == [])
    }

    @Test("Without the same options the check tells what is otherwise there")
    func parametersMissing() throws {
        let dockerfile = try Dockerfile(parsing: Self.adapted.dockerfile)
        let findings = DockerfileCheck(dockerfile, against: .of(.fastapi, .backend)).findings()
        #expect(Set(findings.map(\.rule)) == [.baseImage, .port, .command, .healthCheckTarget])
    }

    @Test("The ignore file keeps secrets out at every depth, and holds each of the seed's patterns")
    func ignoreFile() {
        for contract in ContractName.allCases {
            for component in ComponentName.allCases {
                let image = ImageContract.of(contract, component)
                let lines = image.dockerignore.split(separator: "\n").map(String.init)
                #expect(Set(lines).isSuperset(of: image.ignored.value + [".env", "**/.env"]))
                #expect(Set(lines).count == lines.count)
            }
        }
    }
}
