import JSON
import Testing
import TodoAppAPI

@testable import ImageContracts

/// Archives that are broken, or made to do harm.
///
/// Each gives an error, and none costs more than a little memory.
struct HostileArchiveTests {
    private func check(_ bytes: [UInt8], limits: ArchiveLimits = ArchiveLimits()) throws {
        var options = ImageCheck.Options()
        options.limits = limits
        let archive = try ImageArchive(MemorySource(bytes), limits: limits)
        _ = try ImageCheck(against: .of(.openai, .backend), options: options).result(of: archive)
    }

    private func error(of bytes: [UInt8], limits: ArchiveLimits = ArchiveLimits()) -> String {
        let error = #expect(throws: ArchiveError.self) { try self.check(bytes, limits: limits) }
        return error?.description ?? ""
    }

    /// With a last layer that a test makes.
    private func archive(layer: [UInt8]) -> [UInt8] {
        var archive = TestTar()
        archive.add("l.tar", layer)
        archive.add("config.json", text: "{\"config\": {}}")
        archive.add("manifest.json", text: "[{\"Config\": \"config.json\", \"Layers\": [\"l.tar\"]}]")
        return archive.ended
    }

    private func archive(manifest: String, members: [(String, String)] = []) -> [UInt8] {
        var archive = TestTar()
        for (name, text) in members { archive.add(name, text: text) }
        archive.add("manifest.json", text: manifest)
        return archive.ended
    }

    @Test("Cut off at any place, an archive gives an error and never a verdict")
    func truncated() throws {
        for whole in [TestImage().dockerArchive(packed: true), TestImage().ociArchive()] {
            // The last block of zeros is one more than anybody needs.
            for length in stride(from: 0, to: whole.count - 1024, by: 97) {
                #expect(throws: ArchiveError.self) { try self.check(Array(whole.prefix(length))) }
            }
        }
    }

    @Test("A layer that is cut off gives an error, packed or not")
    func truncatedLayer() {
        var tar = TestTar()
        tar.add("a", [UInt8](repeating: 7, count: 3000))
        #expect(self.error(of: self.archive(layer: Array(tar.ended.prefix(2000)))) == "layer 1 ends too soon")
        #expect(self.error(of: self.archive(layer: tar.bytes)) == "layer 1 ends too soon")
        let packed = gzipped(tar.ended)
        #expect(self.error(of: self.archive(layer: Array(packed.dropLast(9)))) == "layer 1 ends too soon")
    }

    @Test("Whatever bit of a packed layer is changed, nothing breaks but the check itself")
    func flipped() throws {
        var tar = TestTar()
        tar.add("app/.env", [UInt8](0..<200))
        let packed = gzipped(tar.ended)
        for index in packed.indices.dropFirst(2) {
            var changed = packed
            changed[index] ^= 0x10
            // An error, or another content that is still in order, such as a time in gzip's header.
            try? self.check(self.archive(layer: changed))
        }
    }

    @Test("A bomb is stopped soon after it shows, and not when memory is full")
    func bomb() {
        var limits = ArchiveLimits()
        limits.harmlessBytes = 1 << 20
        var tar = TestTar()
        tar.add("zeros", [UInt8](repeating: 0, count: 8 << 20))
        let bytes = self.archive(layer: gzipped(tar.ended))
        #expect(self.error(of: bytes, limits: limits) == "layer 1 gets more than 200 times larger when it is unpacked")
    }

    @Test("Layers that are larger than what is read are refused, though each of their entries is small")
    func tooLarge() {
        var limits = ArchiveLimits()
        limits.unpackedBytes = 1 << 20
        var tar = TestTar()
        for index in 0..<40 { tar.add("\(index)", [UInt8](repeating: 1, count: 64 << 10)) }
        #expect(
            self.error(of: self.archive(layer: tar.ended), limits: limits)
                == "layer 1 has more bytes than are read here"
        )
    }

    @Test("What leads out of the image or the archive is refused", arguments: ["../x", "a/../../x", "./../x", "a/.."])
    func paths(path: String) {
        var layer = TestTar()
        layer.add(path)
        #expect(self.error(of: self.archive(layer: layer.ended)).contains("leads out of it"))
        var archive = TestTar()
        archive.add(path)
        #expect(self.error(of: archive.ended).contains("leads out of it"))
    }

    @Test("Hard links that lead out of the image are refused; symbolic ones lead where they like in a container")
    func links() throws {
        var layer = TestTar()
        layer.add("a", kind: "1", linkTarget: "../../etc/shadow")
        #expect(self.error(of: self.archive(layer: layer.ended)).contains("leads out of it"))
        var harmless = TestTar()
        harmless.add("a", kind: "2", linkTarget: "../../etc/shadow")
        try self.check(self.archive(layer: harmless.ended))
    }

    @Test(
        "A manifest that leads elsewhere is refused",
        arguments: [
            ("[]", "names no image"), ("{}", "names no image"), ("[{}]", "Config and Layers are missing"),
            ("[{\"Config\": \"/etc/passwd\", \"Layers\": []}]", "leads out of the archive"),
            ("[{\"Config\": \"a\", \"Layers\": [\"../../b\"]}]", "leads out of the archive"),
            ("[{\"Config\": \"a\", \"Layers\": []}]", "is not in the archive"),
            ("[{\"Config\": \"a\", \"Layers\": [7]}]", "a layer has no name"), ("[", "manifest.json: "),
            (String(repeating: "[", count: 100_000), "manifest.json: "),
        ]
    )
    func manifests(manifest: String, message: String) {
        #expect(self.error(of: self.archive(manifest: manifest)).contains(message))
    }

    @Test("A link of the archive that leads out of it, in a circle or nowhere is refused")
    func archiveLinks() {
        let manifest = "[{\"Config\": \"a\", \"Layers\": []}]"
        for (target, message) in [("/etc/passwd", "leads out"), ("../a", "leads out"), ("a", "links lead to links")] {
            var archive = TestTar()
            archive.add("a", kind: "2", linkTarget: target)
            archive.add("manifest.json", text: manifest)
            #expect(self.error(of: archive.ended).contains(message))
        }
    }

    @Test("A name that is there twice is refused: two readers would read two images")
    func twice() {
        let bytes = self.archive(manifest: "[]", members: [("manifest.json", "[]")])
        #expect(self.error(of: bytes) == "the archive holds manifest.json twice")
    }

    @Test("A configuration that speaks of other layers is refused")
    func otherLayers() {
        var image = TestImage()
        image.claimedLayers = 7
        #expect(self.error(of: image.dockerArchive()) == "the configuration speaks of 7 layers, the archive has 2")
    }

    @Test(
        "What is no archive is told by what it is",
        arguments: [
            ([], "no image archive: it is empty"),
            ([0x1F, 0x8B, 8, 0], "the archive as a whole is packed; unpack it first (gunzip, zstd -d)"),
            ([UInt8](repeating: 65, count: 2000), "the archive: it is no tar, or a header in it is broken"),
            ([UInt8](repeating: 0, count: 2000), "no image archive: neither manifest.json nor index.json is in there"),
        ] as [([UInt8], String)]
    )
    func otherFiles(bytes: [UInt8], message: String) {
        #expect(self.error(of: bytes) == message)
    }

    @Test("A document, a name and a number of members are bounded")
    func bounded() {
        var limits = ArchiveLimits()
        limits.documentBytes = 100
        let long = self.archive(manifest: String(repeating: " ", count: 200))
        #expect(self.error(of: long, limits: limits).contains("more than 100 bytes"))
        limits = ArchiveLimits()
        limits.members = 3
        var archive = TestTar()
        for index in 0..<5 { archive.add("\(index)") }
        #expect(self.error(of: archive.ended, limits: limits).contains("more than 3 members"))
        limits = ArchiveLimits()
        limits.entries = 3
        #expect(self.error(of: self.archive(layer: archive.ended), limits: limits) == "layer 1 has more than 3 entries")
    }

    @Test("No more than a piece is read at once, however large the layer")
    func pieces() throws {
        var tar = TestTar()
        tar.add("large", [UInt8](repeating: 9, count: 3 << 20))
        let source = MemorySource(self.archive(layer: tar.ended))
        _ = try ImageCheck(against: .of(.openai, .backend)).result(of: try ImageArchive(source))
        #expect(source.largestRead <= 256 << 10)
    }
}
