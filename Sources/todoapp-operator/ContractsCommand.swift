internal import ArgumentParser
internal import JSON
internal import TodoAppAPI
internal import TodoAppOperator

struct ContractsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "contracts",
        abstract: "Lists the contracts, or prints one with the source of each figure.",
        discussion: "With -o markdown it prints all of them side by side, as in docs/contracts.md."
    )

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case yaml
        case json
        case markdown
    }

    @Argument(help: "The contract to print. Default: a list of all.")
    var name: String?

    @Option(name: .shortAndLong, help: "yaml, json or markdown. Default: yaml for one, a list for all.")
    var output: Format?

    func validate() throws {
        if self.name != nil, self.output == .markdown {
            throw ValidationError("-o markdown is about all contracts: name none")
        }
        guard let name, ContractName(rawValue: name) == nil else { return }
        let known = ContractName.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("there is no contract \"\(name)\"; there are \(known)")
    }

    func run() throws {
        let contracts = self.name.flatMap(ContractName.init(rawValue:)).map { [Contract.named($0)] }
        switch self.output {
        case .markdown: StandardOutput.write(Contract.table)
        case .json: StandardOutput.write(OutputFormat.json.text(of: (contracts ?? Contract.all).document))
        case .yaml: StandardOutput.write(OutputFormat.yaml.text(of: (contracts ?? Contract.all).document))
        case .none:
            if let contracts {
                StandardOutput.write(OutputFormat.yaml.text(of: contracts.document))
                return
            }
            for contract in Contract.all {
                let backend = contract.backend
                StandardOutput.write(
                    "\(padded(contract.name.rawValue, to: 10))\(padded(backend.imageName.value, to: 20))"
                        + "port \(backend.port.value)\n"
                )
            }
        }
    }
}

extension [Contract] {
    /// One contract as it is, several as a list.
    fileprivate var document: JSONValue {
        self.count == 1 ? self[0].document : .array(self.map(\.document))
    }
}

private func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
}
