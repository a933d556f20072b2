import Testing
import TodoAppAPI

@Suite("ImageReference")
struct ImageReferenceTests {
    private static let digest = "sha256:" + String(repeating: "0123456789abcdef", count: 4)

    @Test(
        "A reference is taken apart",
        arguments: [
            ("app", "app", nil, nil),
            ("app:1.0.0", "app", "1.0.0", nil),
            ("localhost:5000/app", "localhost:5000/app", nil, nil),
            ("registry.example.com:5000/team/app:v1", "registry.example.com:5000/team/app", "v1", nil),
            ("app@\(digest)", "app", nil, digest),
            ("team/app:latest@\(digest)", "team/app", "latest", digest),
            ("Registry.example.com/app:1", "Registry.example.com/app", "1", nil),
        ] as [(String, String, String?, String?)]
    )
    func parts(_ text: String, _ repository: String, _ tag: String?, _ digest: String?) throws {
        let image = try #require(ImageReference(text))
        #expect(image.repository == repository)
        #expect(image.tag == tag)
        #expect(image.digest == digest)
    }

    @Test(
        "What is no reference is refused",
        arguments: [
            "", ":", "app:", "app@", "app@sha256:abc", "App", "team/App", "https://registry.example.com/app", "a b",
            "app:-1", "/app", "app/", "team//app", "app:1@\(digest)@\(digest)", "-app",
            "app:\(String(repeating: "1", count: 129))",
            "registry.example.com:x/app", "app:1/2:3:4",
        ]
    )
    func malformed(_ text: String) {
        #expect(ImageReference(text) == nil)
    }

    @Test("A reference is mutable without digest under latest, local and no tag")
    func mutability() {
        #expect(ImageReference("app")?.isMutable == true)
        #expect(ImageReference("app:latest")?.isMutable == true)
        #expect(ImageReference("app:local")?.isMutable == true)
        #expect(ImageReference("app:1.0.0")?.isMutable == false)
        #expect(ImageReference("app:latest@\(Self.digest)")?.isMutable == false)
    }
}
