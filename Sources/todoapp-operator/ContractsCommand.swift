internal import ArgumentParser
internal import TodoAppAPI
internal import TodoAppOperator

struct ContractsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "contracts",
        abstract: "Lists the contracts, or prints one with the source of each figure."
    )

    @Argument(help: "The contract to print. Default: a list of all.")
    var name: String?

    @Option(name: .shortAndLong, help: "yaml or json.")
    var output = OutputFormat.yaml

    func validate() throws {
        guard let name, ContractName(rawValue: name) == nil else { return }
        let known = ContractName.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("there is no contract \"\(name)\"; there are \(known)")
    }

    func run() throws {
        guard let name = self.name.flatMap(ContractName.init(rawValue:)) else {
            for contract in Contract.all {
                let backend = contract.backend
                StandardOutput.write(
                    "\(padded(contract.name.rawValue, to: 10))\(padded(backend.imageName.value, to: 20))"
                        + "port \(backend.port.value)\n"
                )
            }
            return
        }
        StandardOutput.write(self.output.text(of: Contract.named(name).document))
    }
}

private func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
}
