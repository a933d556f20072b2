import JSON
import Testing

@testable import ImageContracts

/// Which image is read, in archives of either format.
struct ImageArchiveTests {
    @Test("Names and formats are told")
    func formats() throws {
        let docker = try ImageArchive(MemorySource(TestImage().dockerArchive()))
        #expect(docker.format == .docker)
        #expect(docker.names == ["localhost/todo-backend:v1.0.0"])
        let oci = try ImageArchive(MemorySource(TestImage().ociArchive()))
        #expect(oci.format == .oci)
        #expect(oci.names == ["todo-backend:v1.0.0"])
    }

    /// Two images, the second by a link to the first one's layer, as older `docker save` writes it.
    private static var two: [UInt8] {
        var archive = TestTar()
        var layer = TestTar()
        layer.add("a", text: "x")
        archive.add("one/layer.tar", layer.ended)
        archive.add("two/layer.tar", kind: "2", linkTarget: "../one/layer.tar")
        archive.add("c.json", text: "{\"config\": {}}")
        let manifest: JSONValue = [
            ["Config": "c.json", "RepoTags": ["one:1"], "Layers": ["one/layer.tar"]],
            [
                "Config": "c.json", "RepoTags": ["registry.example/two:1"],
                "Layers": ["two/layer.tar", "two/layer.tar"],
            ],
        ]
        archive.add("manifest.json", manifest.bytes())
        return archive.ended
    }

    @Test("Of several images one must be named; a registry before its name may be left out")
    func several() throws {
        let error = #expect(throws: ArchiveError.self) { try ImageArchive(MemorySource(Self.two)) }
        #expect(error?.description.contains("one:1, registry.example/two:1") == true)
        let two = try ImageArchive(MemorySource(Self.two), image: "two:1")
        #expect(two.layers.count == 2)
        #expect(try two.layer(1).next()?.name == "a")
        #expect(throws: ArchiveError.self) { try ImageArchive(MemorySource(Self.two), image: "three:1") }
    }

    /// Two platforms and what a builder attests of them.
    private static func platforms(digest: String = "sha256:c0") -> [UInt8] {
        var archive = TestTar()
        archive.add("blobs/sha256/b0", text: "{\"config\": {\"User\": \"7\"}}")
        archive.add("blobs/sha256/c0", text: "{\"config\": {\"digest\": \"sha256:b0\"}, \"layers\": []}")
        let platforms: JSONValue = [
            "manifests": [
                ["digest": .string(digest), "platform": ["os": "linux", "architecture": "amd64"]],
                ["digest": .string(digest), "platform": ["os": "linux", "architecture": "arm64"]],
                ["digest": .string(digest), "platform": ["os": "unknown", "architecture": "unknown"]],
            ]
        ]
        archive.add("blobs/sha256/d0", platforms.bytes())
        archive.add("index.json", text: "{\"manifests\": [{\"digest\": \"sha256:d0\"}]}")
        return archive.ended
    }

    @Test("Of several platforms one must be named; what a builder attests is no image")
    func platforms() throws {
        #expect(throws: ArchiveError.self) { try ImageArchive(MemorySource(Self.platforms())) }
        let image = try ImageArchive(MemorySource(Self.platforms()), image: "linux/arm64")
        #expect(image.configuration.user == "7")
    }

    @Test(
        "A digest is letters and digits; nothing else becomes a path",
        arguments: ["../../etc", "sha256:../x", "sha256", ":"]
    )
    func digests(digest: String) {
        #expect(throws: ArchiveError.self) { try ImageArchive(MemorySource(Self.platforms(digest: digest))) }
    }

    @Test("Layers packed by zstd are told of and not guessed at")
    func zstd() throws {
        var archive = TestTar()
        archive.add("l", [0x28, 0xB5, 0x2F, 0xFD, 0, 0])
        archive.add("c.json", text: "{}")
        archive.add("manifest.json", text: "[{\"Config\": \"c.json\", \"Layers\": [\"l\"]}]")
        let image = try ImageArchive(MemorySource(archive.ended))
        let error = #expect(throws: ArchiveError.self) { try image.layer(0) }
        #expect(error?.description.contains("zstd") == true)
    }

    @Test("Docker's zeros in a health check mean its own defaults")
    func healthCheckDefaults() throws {
        let document: JSONValue = ["config": ["Healthcheck": ["Test": ["CMD-SHELL", "true"]]]]
        let expected = HealthCheckFact.runs(.shell("true"), interval: 30, timeout: 30, startPeriod: 0, retries: 3)
        #expect(try ImageConfiguration(document).healthCheck == expected)
    }
}
