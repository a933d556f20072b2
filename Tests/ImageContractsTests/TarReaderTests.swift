import Testing

@testable import ImageContracts

/// The dialects of tar, and what is wrong in none of them.
struct TarReaderTests {
    private func entries(_ bytes: [UInt8]) throws -> [TarReader.Entry] {
        let stream = RangeStream(MemorySource(bytes), ByteRange(offset: 0, count: Int64(bytes.count)), name: "the tar")
        let reader = TarReader(stream, name: "the tar", limits: ArchiveLimits(), entryLimit: 1000)
        var entries: [TarReader.Entry] = []
        while let entry = try reader.next() { entries.append(entry) }
        return entries
    }

    @Test("Entries come with their sizes and with the place where their content begins")
    func plain() throws {
        var tar = TestTar()
        tar.add("a", text: "hello")
        tar.add("b/", kind: "5")
        tar.add("c", [UInt8](repeating: 1, count: 513))
        let entries = try self.entries(tar.ended)
        #expect(entries.map(\.name) == ["a", "b/", "c"])
        #expect(entries.map(\.size) == [5, 0, 513])
        #expect(entries.map(\.offset) == [512, 1536, 2048])
    }

    @Test("GNU's long names and POSIX's properties hold for one entry each")
    func longNames() throws {
        let long = String(repeating: "n", count: 300)
        var tar = TestTar()
        tar.add("././@LongLink", Array("\(long)\0".utf8), kind: "L")
        tar.add("././@LongLink", Array("\(long)2\0".utf8), kind: "K")
        tar.add("short", kind: "2", linkTarget: "short")
        tar.addProperties(["path": "ü/\(long)", "mtime": "1.5"])
        tar.add("short", text: "x")
        tar.addProperties(["comment": "for all"])
        tar.add("last", text: "x")
        let entries = try self.entries(tar.ended)
        #expect(entries.map(\.name) == [long, "ü/\(long)", "last"])
        #expect(entries[0].linkTarget == "\(long)2")
    }

    @Test("A size may be in POSIX's properties or in GNU's bytes")
    func sizes() throws {
        var tar = TestTar()
        tar.addProperties(["size": "5"])
        tar.add("a", text: "hello")
        let entries = try self.entries(tar.ended)
        #expect(entries.map(\.size) == [5])
        var block = [UInt8](repeating: 0, count: 12)
        block[0] = 0x80
        block[11] = 5
        var header = Array(TestTar.block("b").prefix(512))
        header.replaceSubrange(124..<136, with: block)
        let read = try TarHeader(TestTar.summed(header), in: "the tar")
        #expect(read?.size == 5)
    }

    @Test("A size that nobody can have, and a header that does not add up, give an error")
    func broken() throws {
        var negative = Array(TestTar.block("b").prefix(512))
        negative.replaceSubrange(124..<136, with: [UInt8](repeating: 0xFF, count: 12))
        var huge = Array(TestTar.block("b").prefix(512))
        huge.replaceSubrange(124..<136, with: [0x80, 0, 0, 0, 0x7F] + [UInt8](repeating: 0xFF, count: 7))
        for header in [TestTar.summed(negative), TestTar.summed(huge)] {
            #expect(throws: ArchiveError.self) { try TarHeader(header, in: "the tar") }
        }
        #expect(throws: ArchiveError.self) { try TarHeader(negative, in: "the tar") }
        for (key, value) in [("size", "-1"), ("size", "x"), ("path", "a\0b")] {
            var tar = TestTar()
            tar.addProperties([key: value])
            tar.add("a")
            #expect(throws: ArchiveError.self) { try self.entries(tar.ended) }
        }
    }

    @Test(
        "Extended headers that do not add up give an error",
        arguments: ["9 a=b\n", "x", "5 ab\n", "0 a=b\n", "99 a=b\n"]
    )
    func properties(text: String) {
        #expect(throws: ArchiveError.self) { try TarProperties(Array(text.utf8), in: "the tar") }
    }

    @Test("Kinds that no image has are told of")
    func kinds() {
        var unknown = TestTar()
        unknown.add("a", kind: "Z")
        #expect(throws: ArchiveError.self) { try self.entries(unknown.ended) }
        var sparse = TestTar()
        sparse.addProperties(["GNU.sparse.major": "1"])
        sparse.add("a")
        #expect(throws: ArchiveError.self) { try self.entries(sparse.ended) }
    }

    @Test(
        "A path loses what has no meaning in it",
        arguments: [("./app/x", "app/x"), ("/app//x/", "app/x"), ("./", ""), ("a/./b", "a/b")]
    )
    func normalized(path: String, normal: String) throws {
        #expect(try ImagePath.normalized(path, in: "x") == normal)
    }

    @Test("A path in a message is one line and no command to a terminal")
    func shown() {
        #expect(ImagePath.shown("a\nb\u{1B}[31m\u{9B}c") == "a?b?[31m?c")
        #expect(ImagePath.shown(String(repeating: "x", count: 500)).count == 201)
    }

    @Test("Gzip may come in members, and zeros may follow the last one")
    func members() throws {
        var (one, two) = (TestTar(), TestTar())
        one.add("a", [UInt8](repeating: 3, count: 700_000))
        two.add("b", text: "x")
        let packed = gzipped(one.bytes) + gzipped(two.ended) + [0, 0, 0]
        let raw = RangeStream(MemorySource(packed), ByteRange(offset: 0, count: Int64(packed.count)), name: "x")
        let stream = try GzipStream(raw, name: "x", limits: ArchiveLimits())
        var bytes: [UInt8] = []
        while let piece = try stream.next() { bytes += piece }
        #expect(bytes == one.bytes + two.ended)
    }
}
