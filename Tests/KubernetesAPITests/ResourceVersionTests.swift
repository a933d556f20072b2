import KubernetesAPI
import Testing

@Suite("ResourceVersion")
struct ResourceVersionTests {
    @Test(
        "Versions are compared as numbers and not as text",
        arguments: [
            ("10", "9", true), ("9", "10", false), ("7", "7", true), ("0", "0", true),
            ("18446744073709551615", "18446744073709551614", true), ("100", "", false), ("", "100", false),
        ]
    )
    func numbers(_ mine: String, _ theirs: String, _ includes: Bool) {
        #expect(ResourceVersion(mine).isAtLeast(ResourceVersion(theirs)) == includes)
    }

    @Test("A version that is no number includes itself alone")
    func opaque() {
        #expect(ResourceVersion("abc").isAtLeast(ResourceVersion("abc")))
        #expect(!ResourceVersion("abc").isAtLeast(ResourceVersion("abb")))
        #expect(!ResourceVersion("abc").isAtLeast(ResourceVersion("1")))
        #expect(!ResourceVersion("18446744073709551616").isAtLeast(ResourceVersion("1")))
    }

    @Test("Its text is kept as it came")
    func text() {
        #expect(ResourceVersion("0042").description == "0042")
        #expect(ResourceVersion("").isEmpty)
        #expect(!ResourceVersion("0").isEmpty)
    }
}
