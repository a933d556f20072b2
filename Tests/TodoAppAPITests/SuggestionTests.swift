import Testing

@testable import TodoAppAPI

@Suite("Suggestion")
struct SuggestionTests {
    private static let fields = ["image", "imagePullPolicy", "replicas", "env", "port", "podLabels", "podAnnotations"]

    @Test(
        "A near name is found",
        arguments: [
            ("replica", "replicas"), ("Replicas", "replicas"), ("relpicas", "replicas"),
            ("imagePullpolicy", "imagePullPolicy"),
            ("image-pull-policy", "imagePullPolicy"), ("podLables", "podLabels"), ("prot", "port"), ("envs", "env"),
        ]
    )
    func near(_ name: String, _ candidate: String) {
        #expect(Suggestion.nearest(to: name, among: Self.fields) == candidate)
    }

    @Test("A far, a short, an empty and an endless name are left alone", arguments: ["storage", "x", "", "enviroment"])
    func far(_ name: String) {
        #expect(Suggestion.nearest(to: name, among: Self.fields) == nil)
        #expect(Suggestion.nearest(to: String(repeating: "a", count: 100_000), among: Self.fields) == nil)
    }
}
