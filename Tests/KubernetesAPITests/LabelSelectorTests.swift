import KubernetesAPI
import Testing

struct LabelSelectorTests {
    @Test(
        "What people write is read, and the same selection is the same text",
        arguments: [
            ("team=blue", "team=blue"),
            (" team == blue ", "team=blue"),
            ("team!=blue", "team!=blue"),
            ("team", "team"),
            ("! team", "!team"),
            ("team=", "team="),
            ("b=2,a=1,b=2", "a=1,b=2"),
            (
                "stage in (test, prod),example.com/tier notin (cache)",
                "example.com/tier notin (cache),stage in (prod,test)"
            ),
        ]
    )
    func reads(text: String, canonical: String) throws {
        let selector = try LabelSelector(parsing: text)
        #expect(selector.description == canonical)
        #expect(try LabelSelector(parsing: canonical) == selector)
    }

    @Test(
        "A slip is named by the part in which it is",
        arguments: [
            ("", ""), ("a=1,", ""), ("a=1,b c", "b c"), ("-a=1", "-a=1"), ("a=b/c", "a=b/c"), ("a in b", "a in b"),
            ("a in (b", "a in (b"), ("a of (b)", "a of (b)"), ("a=1;b=2", "a=1;b=2"), ("x/y/z", "x/y/z"),
            ("a>1", "a>1"),
        ]
    )
    func refuses(text: String, part: String) {
        let error = #expect(throws: LabelSelectorError.self) { try LabelSelector(parsing: text) }
        #expect(error?.part == part)
        #expect(error?.description.contains("\n") == false)
    }
}
