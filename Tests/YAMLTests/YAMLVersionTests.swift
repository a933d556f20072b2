import Testing
import YAML

struct YAMLVersionTests {
    @Test("the library's version is three numbers")
    func version() {
        #expect(YAML.libraryVersion.split(separator: ".").compactMap { Int($0) }.count == 3)
    }
}
