internal import JSON
internal import TodoAppAPI
internal import YAML

/// A TodoApp's manifest: it is valid, and still so when it is written and read again, or every problem is one line.
enum TodoAppFuzz {
    static func take(_ bytes: [UInt8]) -> Int32 {
        let reading = ManifestReading(text: String(decoding: bytes, as: UTF8.self), file: "fuzz.yaml")
        for problem in reading.problems {
            requireOneLine("\(problem)")
            require((problem.line ?? 1) >= 1, "lines count from 1")
        }
        for manifest in reading.manifests {
            let again = ManifestReading(text: YAML.text(of: manifest.value), file: "fuzz.yaml")
            require(again.problems.isEmpty, "what is valid stays so: \(again.problems)")
            require(again.manifests == [manifest], "what was read is written and read again")
            let spec = try? TodoAppSpec.read(manifest.value["spec"], name: manifest.name)
            require(spec == manifest.spec, "the operator reads what the file says")
        }
        return 0
    }
}
