import JSON
import Testing
import TodoAppAPI
import TodoAppOperator

@testable import ImageContracts

/// Every rule with an image that breaks it.
///
/// The one that passes is ``TestImage`` as it is.
struct ImageRuleTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var rule: ImageRule
        var what: String
        var level = Finding.Level.error
        var contract = ContractName.openai
        var change: @Sendable (inout TestImage) -> Void

        init(
            _ rule: ImageRule,
            _ what: String,
            level: Finding.Level = .error,
            contract: ContractName = .openai,
            change: @escaping @Sendable (inout TestImage) -> Void
        ) {
            (self.rule, self.what, self.level, self.contract) = (rule, what, level, contract)
            self.change = change
        }

        var testDescription: String { "\(self.rule.rawValue): \(self.what)" }
    }

    private static let key = DockerfileRuleTests.key
    static let privateKey =
        "-----BEGIN " + "RSA PRIVATE KEY-----\n" + String(repeating: "MIIabc09", count: 8) + "\n"

    static let settings: [Case] = [
        Case(.nonRootUser, "no user") { $0.user = "" },
        Case(.nonRootUser, "root by name") { $0.user = "root" },
        Case(.nonRootUser, "root by number") { $0.user = "0:1000" },
        Case(.nonRootUser, "a seed that is silent", level: .warning, contract: .cohere) { $0.user = "" },
        Case(.userID, "another number") { $0.user = "1001" },
        Case(.userID, "nobody's name", level: .warning) { $0.user = "stranger" },
        Case(.port, "another port") { $0.ports = ["8001/tcp"] },
        Case(.port, "one more port", level: .warning) { $0.ports.append("9000/udp") },
        Case(.workingDirectory, "another folder") { $0.workingDirectory = "/srv" },
        Case(.workingDirectory, "no folder") { $0.workingDirectory = "" },
        Case(.command, "another module") { $0.command[1] = "other:app" },
        Case(.command, "no command") { $0.command = [] },
        Case(.command, "an entrypoint before it") { $0.entrypoint = ["/start"] },
        Case(.commandForm, "a shell") {
            $0.command = ["/bin/sh", "-c", "uvicorn app.main:app --host 0.0.0.0 --port 8000"]
        },
        Case(.environment, "a variable that is missing") { $0.environment.removeLast() },
        Case(.environment, "another path") { $0.environment[0] = "PATH=/usr/bin" },
        Case(.healthCheck, "none") { $0.healthCheck = nil },
        Case(.healthCheck, "switched off") { $0.healthCheck = ["Test": ["NONE"]] },
        Case(.healthCheckTarget, "another path") {
            $0.healthCheck?["Test"] = ["CMD-SHELL", "curl http://localhost:8000/health"]
        },
        Case(.healthCheckTiming, "Docker's own timeout") { $0.healthCheck?["Timeout"] = 0 },
        Case(.labels, "no maintainer", contract: .fastapi) { $0.labels["maintainer"] = nil },
        Case(.secretInEnvironment, "a variable of the contract") { $0.environment.append("OPENAI_API_KEY=abc") },
        Case(.secretInEnvironment, "a name that says it") { $0.environment.append("SMTP_PASSWORD=abc") },
        Case(.secretInEnvironment, "a value that shows it") { $0.environment.append("HINT=\(key)") },
        Case(.secretInArgument, "as Docker writes it") { $0.history.append("|1 NPM_TOKEN=abc /bin/sh -c npm ci") },
        Case(.secretInArgument, "as BuildKit writes it") { $0.history.append("ARG BETTER_AUTH_SECRET=abc") },
        Case(.secretInText, "a key in the history") { $0.history.append("RUN curl -H \(key)") },
    ]

    static let contents: [Case] = [
        Case(.secretFile, "an environment file") { $0.add("app/.env", text: "A=1") },
        Case(.secretFile, "one for production") { $0.add("srv/.env.production", text: "A=1") },
        Case(.secretFile, "credentials of a cloud") { $0.add("root/.aws/credentials") },
        Case(.secretContent, "a private key") { $0.add("etc/ssl/own.pem", text: privateKey) },
        Case(.secretContent, "a private key in JSON") {
            $0.add("app/account.json", text: "{\"key\": \"\(privateKey.replacingAll("\n", with: "\\n"))\"}")
        },
        Case(.secretContent, "a service's key") { $0.add("app/notes.txt", text: "the key is \(key).") },
        Case(.canary, "a text that was planted") { $0.add("app/data.bin", text: "xxCANARY-4711xx") },
        Case(.canary, "in the history") { $0.history.append("RUN echo CANARY-4711") },
        Case(.canary, "in a label") { $0.labels["x"] = "CANARY-4711" },
        Case(.buildTools, "a compiler") { $0.add("usr/bin/gcc") },
        Case(.buildTools, "a compiler with platform and version") { $0.add("usr/bin/x86_64-linux-gnu-gcc-14") },
        Case(.buildTools, "uv") { $0.add("usr/local/bin/uv") },
        Case(.ignoredFile, "tests", level: .warning) { $0.add("app/src/tests/test_api.py") },
        Case(.ignoredFile, "a repository", level: .warning) { $0.add("app/.git/config") },
        Case(.ignoredFile, "bytecode", level: .warning) { $0.add("app/src/app/__pycache__/main.cpython-313.pyc") },
        Case(.layerCount, "eleven layers", level: .warning) { image in
            for index in 0..<9 { image.add("srv/\(index)") }
        },
    ]

    @Test("An image that breaks a rule is told of by that rule", arguments: Self.settings + Self.contents)
    func broken(_ breach: Case) throws {
        var image = TestImage()
        breach.change(&image)
        var options = ImageCheck.Options()
        options.canaries = ["CANARY-4711"]
        let findings = try image.findings(of: .of(breach.contract, .backend), options: options)
        #expect(findings.filter { $0.rule == breach.rule }.map(\.level).contains(breach.level))
        #expect(!findings.isClean)
        #expect(findings.allSatisfy { !$0.message.contains(Self.key) && !$0.message.contains("CANARY-4711") })
    }

    @Test("Every rule for images has an image here that breaks it")
    func complete() {
        let rules = Set(ImageRule.allCases.filter { $0.subjects.contains(.image) })
        // The size has tests of its own, below.
        #expect(Set((Self.settings + Self.contents).map(\.rule)).union([.imageSize]) == rules)
    }

    @Test("An image that meets its contract is told of by nothing, in either format, packed or not")
    func passes() throws {
        let image = TestImage()
        for bytes in [image.dockerArchive(), image.dockerArchive(packed: true), image.ociArchive()] {
            let archive = try ImageArchive(MemorySource(bytes))
            let result = try ImageCheck(against: .of(.openai, .backend)).result(of: archive)
            #expect(result.findings == [])
            #expect(result.layerSizes.count == 2)
        }
    }

    /// A contract that allows a megabyte, so that nobody must make hundreds of them.
    private static func small(_ contract: ContractName) throws -> ImageContract {
        var image = ImageContract.of(contract, .backend)
        var limit = try #require(image.runtime.imageSizeLimit.value)
        limit.megabytes = 1
        image.runtime.imageSizeLimit = Figure(limit, from: image.runtime.imageSizeLimit.source)
        return image
    }

    private static func sized(_ bytes: Int) -> TestImage {
        var image = TestImage()
        var tar = TestTar()
        tar.add("srv/large", [UInt8](repeating: 0, count: bytes))
        image.layers = [tar]
        return image
    }

    @Test("A megabyte is a million bytes, and one more is too many")
    func size() throws {
        let contract = try Self.small(.fastapi)
        #expect(try Self.sized(1_000_000).findings(of: contract).filter { $0.rule == .imageSize } == [])
        let findings = try Self.sized(1_000_001).findings(of: contract).filter { $0.rule == .imageSize }
        #expect(findings.map(\.level) == [.error])
    }

    @Test("Size beyond the base is judged where somebody says what the base is, and only noted where nobody does")
    func sizeBeyondBase() throws {
        let contract = try Self.small(.openai)
        var image = Self.sized(1_000_001)
        image.layers += TestImage().layers
        func levels(_ baseLayers: Int?) throws -> [Finding.Level] {
            var options = ImageCheck.Options()
            options.baseLayers = baseLayers
            return try image.findings(of: contract, options: options).filter { $0.rule == .imageSize }.map(\.level)
        }
        #expect(try levels(nil) == [.note])
        #expect(try levels(0) == [.error])
        #expect(try levels(1) == [])
        #expect(try levels(100) == [])
    }

    @Test("The base's layers are found by its archive's digests")
    func base() throws {
        var base = TestImage()
        base.layers.removeLast()
        let (archive, below) = (
            try ImageArchive(MemorySource(TestImage().dockerArchive())),
            try ImageArchive(MemorySource(base.dockerArchive()))
        )
        #expect(archive.layers(sharedWith: below) == 1)
        #expect(below.layers(sharedWith: archive) == nil)
    }

    @Test("What OCI's format cannot hold is noted and not held against the image")
    func noHealthCheckInOCI() throws {
        var image = TestImage()
        image.healthCheck = nil
        let findings = try ImageCheck(against: .of(.openai, .backend))
            .result(of: try ImageArchive(MemorySource(image.ociArchive()))).findings
        #expect(findings.map(\.rule) == [.healthCheck])
        #expect(findings.isClean)
    }
}
