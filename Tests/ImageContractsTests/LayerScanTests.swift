import Testing

@testable import ImageContracts

/// What lies in lower layers, and what only looks like a secret.
struct LayerScanTests {
    private func findings(_ change: (inout TestImage) -> Void) throws -> [Finding] {
        var image = TestImage()
        change(&image)
        return try image.findings()
    }

    @Test(
        "A secret that a higher layer deletes is still told of, with both layers",
        arguments: ["app/.wh..env", "app/.wh..wh..opq", ".wh.app"]
    )
    func deletedSecret(whiteout: String) throws {
        let findings = try self.findings { image in
            image.add("app/.env", text: "A=1")
            image.add(whiteout)
        }
        let secret = try #require(findings.first { $0.rule == .secretFile })
        #expect(secret.place == .layer(3, path: "app/.env"))
        #expect(secret.message.contains("layer 4 deletes it"))
    }

    @Test(
        "A secret that a file or a folder's replacement hides is told of the same way",
        arguments: ["app/.env", "app"]
    )
    func replacedSecret(path: String) throws {
        let findings = try self.findings { image in
            image.add("app/.env", text: "A=1")
            image.add(path)
        }
        #expect(findings.contains { $0.place == .layer(3, path: "app/.env") && $0.message.contains("layer 4") })
    }

    @Test("A whiteout hides nothing that its own layer brings, and nothing with a longer name")
    func ownLayer() throws {
        let findings = try self.findings { image in
            var tar = TestTar()
            tar.add("app/.wh..wh..opq")
            tar.add("app/.env", text: "A=1")
            image.layers.append(tar)
            image.add(".wh.ap")
        }
        let secret = try #require(findings.first { $0.rule == .secretFile })
        #expect(!secret.message.contains("deletes"))
    }

    @Test("A build tool that a higher layer deletes is not in what runs")
    func deletedTool() throws {
        let findings = try self.findings { image in
            image.add("usr/bin/gcc")
            image.add("usr/bin/.wh.gcc")
        }
        #expect(findings == [])
    }

    @Test("A user's name is looked up in the image's own accounts, the highest layer's")
    func accounts() throws {
        let named = try self.findings { $0.user = "appuser" }
        #expect(named == [])
        let moved = try self.findings { image in
            image.user = "appuser"
            image.add("etc/passwd", text: "appuser:x:0:0::/:/bin/sh\n")
        }
        #expect(moved.map(\.rule) == [.nonRootUser])
    }

    @Test(
        "What only looks like a secret is none",
        arguments: [
            ("srv/.env.example", "A=1"),
            ("usr/lib/python3/pem.py", "HEADER = '-----BEGIN " + "PRIVATE KEY-----'\nprint(HEADER)"),
            ("etc/ssl/certs/ca.pem", "-----BEGIN CERTIFICATE-----\nMIIabc09MIIabc09MIIabc09MIIabc09MIIabc09\n"),
            ("usr/lib/doc.py", "the url is postgresql://scott:tiger@localhost/test"),
            ("usr/lib/task.js", "task-abcdefghijklmnopqrstuvwxyz0123456789 risk-0123456789abcdefghijklmnopqrstuvwxyz"),
            ("usr/lib/sk.py", "sk-learn-is-a-library-with-a-very-long-name"),
            ("usr/lib/x86_64-linux-gnu/libgnutls.so.30.34.3", ImageRuleTests.privateKey),
            ("usr/share/gcc", "no program"),
            ("app/.venv/lib/x/tests/README.md", "an installer brought it"),
        ]
    )
    func harmless(path: String, text: String) throws {
        let findings = try self.findings { $0.add(path, text: text) }
        #expect(findings == [])
    }

    @Test("A secret across the border of two pieces is found", arguments: [0, 1, 7, 20, 41])
    func border(cut: Int) {
        let text = Array("xx \(DockerfileRuleTests.key) yy".utf8)
        var scanner = ContentScanner(canaries: ["a1a1a1 yy"])
        scanner.begin()
        scanner.scan([UInt8](repeating: 46, count: 5000)[...])
        scanner.scan(text[..<cut])
        scanner.scan(text[cut...])
        #expect(scanner.matches == [.shape("an OpenAI key"), .canary(0)])
        scanner.begin()
        scanner.scan([1, 2, 3])
        #expect(scanner.matches == [])
    }

    @Test("No more is remembered than is told, and that it was cut short is told")
    func manySuspects() throws {
        var options = ImageCheck.Options()
        options.limits.findings = 10
        var image = TestImage()
        var tar = TestTar()
        for index in 0..<20 { tar.add("srv/\(index)/.env", text: "A=1") }
        image.layers.append(tar)
        let findings = try image.findings(options: options)
        #expect(findings.count == 11)
        #expect(findings.contains { $0.message.contains("more than the 10 files") })
    }
}
