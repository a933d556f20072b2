import TestFiles
import Testing
import TodoAppAPI
import TodoAppOperator

/// `docs/contracts.md` says what the operator goes by.
struct ContractDocumentationTests {
    private static let file = "../../docs/contracts.md"
    private static let begin = "<!-- made by: todoapp-operator contracts -o markdown -->\n"
    private static let end = "<!-- end -->\n"

    @Test("The tables of docs/contracts.md are those of the contracts' own data, whole")
    func tables() throws {
        var text = try TestFolder.read(Self.file)
        let begin = try #require(text.firstRange(of: Self.begin)?.upperBound)
        let end = try #require(text.firstRange(of: Self.end)?.lowerBound)
        let table = "\n\(Contract.table)\n"
        if TestFolder.isUpdating {
            text.replaceSubrange(begin..<end, with: table)
            try TestFolder.write(text, to: Self.file)
            return
        }
        #expect(String(text[begin..<end]) == table)
    }

    @Test("The tables hold every figure, key and remark of every contract", arguments: Contract.all)
    func complete(contract: Contract) {
        let table = Contract.table
        for component in ComponentName.allCases {
            let figures = contract[component]
            for key in figures.secretKeys {
                #expect(table.contains("- Secret `\(key.key)`"))
            }
            for key in figures.configKeys {
                #expect(table.contains("- ConfigMap `\(key.key)`"))
            }
            for remark in figures.remarks {
                #expect(table.contains(remark.value))
            }
            #expect(table.contains("| \(figures.imageName.value) · "))
        }
        #expect(table.contains("`\(contract.name.rawValue) backend`"))
    }
}
