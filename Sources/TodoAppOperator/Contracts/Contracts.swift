public import TodoAppAPI

extension Contract {
    /// The contract of this name.
    public static func named(_ name: ContractName) -> Contract {
        switch name {
        case .taskflow: .taskflow
        case .openai: .openai
        case .groq: .groq
        case .cohere: .cohere
        case .fastapi: .fastapi
        }
    }

    /// All contracts, in the order of their names' declaration.
    public static var all: [Contract] {
        ContractName.allCases.map(Contract.named)
    }
}
