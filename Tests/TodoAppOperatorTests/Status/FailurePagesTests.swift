import Foundation
import Testing
import TodoAppOperator

@Suite("docs/failures")
struct FailurePagesTests {
    @Test("Every class has its page, as a real node gave it", arguments: FailureClass.allCases)
    func page(_ failure: FailureClass) throws {
        let folder = URL(filePath: #filePath).pathComponents.dropLast(4) + ["docs", "failures"]
        let path = folder.joined(separator: "/").replacing("//", with: "/")
        let pages = try FileManager.default.contentsOfDirectory(atPath: path)
            .filter { $0 == "\(failure.rawValue).txt" || $0.hasPrefix("\(failure.rawValue)-") }
        #expect(!pages.isEmpty)
        for page in pages {
            let text = try String(contentsOf: URL(filePath: "\(path)/\(page)"), encoding: .utf8)
            #expect(text.contains(failure.rawValue))
        }
    }
}
