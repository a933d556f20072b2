import ImageContracts
import JSON
import TodoAppAPI

/// An image that a test puts together.
///
/// As it is, it meets contract `openai`'s backend.
struct TestImage {
    var user = "1000:1000"
    var environment = [
        "PATH=/app/.venv/bin:/usr/local/bin:/usr/bin:/bin", "PYTHONUNBUFFERED=1", "PYTHONDONTWRITEBYTECODE=1",
    ]
    var command: [String] = ["uvicorn", "app.main:app", "--host", "0.0.0.0", "--port", "8000"]
    var entrypoint: [String]?
    var workingDirectory = "/app"
    var ports = ["8000/tcp"]
    var labels: [String: String] = ["maintainer": "somebody", "version": "1.0.0"]
    var healthCheck: JSONValue? = [
        "Test": ["CMD", "python", "-c", "urlopen('http://127.0.0.1:8000/health/live')"],
        "Interval": 30_000_000_000, "Timeout": 3_000_000_000, "StartPeriod": 40_000_000_000, "Retries": 3,
    ]
    var history = ["/bin/sh -c #(nop) ADD file:1 in /", "RUN /bin/sh -c useradd appuser"]
    /// The lowest first.
    var layers: [TestTar] = [TestImage.base, TestImage.sources]
    /// How many layers the configuration speaks of; `nil` for as many as there are.
    var claimedLayers: Int?

    private static var base: TestTar {
        var tar = TestTar()
        tar.add("etc/passwd", text: "root:x:0:0:root:/root:/bin/sh\nappuser:x:1000:1000::/app:/usr/sbin/nologin\n")
        tar.add("etc/group", text: "root:x:0:\nappuser:x:1000:\n")
        tar.add("usr/bin/python3", text: "a program")
        return tar
    }

    private static var sources: TestTar {
        var tar = TestTar()
        tar.add("app/", kind: "5")
        tar.add("app/src/app/main.py", text: "app = None\n")
        return tar
    }

    /// One more layer of one file.
    mutating func add(_ path: String, text: String = "") {
        var tar = TestTar()
        tar.add(path, text: text)
        self.layers.append(tar)
    }

    var configuration: JSONValue {
        var config: JSONValue = [
            "User": .string(self.user),
            "Env": .array(self.environment.map { .string($0) }),
            "Cmd": .array(self.command.map { .string($0) }),
            "WorkingDir": .string(self.workingDirectory),
            "Labels": JSONValue(self.labels),
        ]
        if let entrypoint { config["Entrypoint"] = .array(entrypoint.map { .string($0) }) }
        if let healthCheck { config["Healthcheck"] = healthCheck }
        var exposed: JSONValue = [:]
        for port in self.ports { exposed[port] = [:] }
        config["ExposedPorts"] = exposed
        let digests = (0..<(self.claimedLayers ?? self.layers.count)).map { JSONValue.string("sha256:\($0)") }
        return [
            "architecture": "amd64", "os": "linux", "config": config,
            "rootfs": ["type": "layers", "diff_ids": .array(digests)],
            "history": .array(self.history.map { ["created_by": .string($0)] }),
        ]
    }

    /// As `docker save` writes it.
    func dockerArchive(packed: Bool = false) -> [UInt8] {
        var archive = TestTar()
        var names: [JSONValue] = []
        for (index, layer) in self.layers.enumerated() {
            archive.add("layer\(index).tar", packed ? gzipped(layer.ended) : layer.ended)
            names.append(.string("layer\(index).tar"))
        }
        archive.add("config.json", self.configuration.bytes())
        let manifest: JSONValue = [
            ["Config": "config.json", "RepoTags": ["localhost/todo-backend:v1.0.0"], "Layers": .array(names)]
        ]
        archive.add("manifest.json", manifest.bytes())
        return archive.ended
    }

    /// As buildah and skopeo write it.
    func ociArchive() -> [UInt8] {
        var archive = TestTar()
        var layers: [JSONValue] = []
        for (index, layer) in self.layers.enumerated() {
            archive.add("blobs/sha256/aa\(index)", gzipped(layer.ended))
            layers.append(["digest": .string("sha256:aa\(index)")])
        }
        archive.add("blobs/sha256/bb", self.configuration.bytes())
        let manifest: JSONValue = ["config": ["digest": "sha256:bb"], "layers": .array(layers)]
        archive.add("blobs/sha256/cc", manifest.bytes())
        let index: JSONValue = [
            "schemaVersion": 2,
            "manifests": [
                [
                    "digest": "sha256:cc",
                    "annotations": ["org.opencontainers.image.ref.name": "todo-backend:v1.0.0"],
                ]
            ],
        ]
        archive.add("index.json", index.bytes())
        archive.add("oci-layout", text: "{\"imageLayoutVersion\": \"1.0.0\"}")
        return archive.ended
    }

    /// What a check finds.
    func findings(
        of contract: ImageContract = .of(.openai, .backend),
        options: ImageCheck.Options = ImageCheck.Options()
    ) throws -> [Finding] {
        let archive = try ImageArchive(MemorySource(self.dockerArchive()))
        return try ImageCheck(against: contract, options: options).result(of: archive).findings
    }
}

/// An archive in memory, which counts what is read of it.
final class MemorySource: ByteSource {
    let bytes: [UInt8]
    private(set) var largestRead = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var count: Int64 { Int64(self.bytes.count) }

    func read(at offset: Int64, count: Int) throws(ArchiveError) -> [UInt8] {
        self.largestRead = max(self.largestRead, count)
        guard offset < self.count else { return [] }
        return Array(self.bytes[Int(offset)...].prefix(count))
    }
}
