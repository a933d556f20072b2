internal import TodoAppAPI
internal import TodoAppOperator

extension ImageContract {
    /// Seed 002's frontend, which stands beside every contract that names none of its own.
    static func frontend(of contract: ContractName) -> ImageContract {
        ImageContract(
            contract: contract,
            component: .frontend,
            runtime: Contract.named(contract).frontend,
            base: .seed(2, BaseImage("node:20-alpine")),
            lastStage: .seed(2, "runner"),
            installer: .seed(2, .npm),
            buildPackages: .silent([], "Node.js alone builds it"),
            userName: .seed(2, "nextjs"),
            user: .seed(2, NumericUser(uid: 1001)),
            userDemand: .numbers,
            sources: .seed(2, [SourceFile(".")]),
            environment: .silent(
                [
                    EnvironmentVariable("NODE_ENV", "production", isDemanded: false),
                    EnvironmentVariable("PORT", "3000", isDemanded: false),
                    EnvironmentVariable("HOSTNAME", "0.0.0.0", isDemanded: false),
                ],
                "the ConfigMap's NODE_ENV wins; Next.js listens at HOSTNAME, which otherwise is the pod's name"
            ),
            healthCheck: .silent(nil, "the seed has a health endpoint for the backend alone"),
            command: .seed(2, ["node", "server.js"]),
            otherCommands: .silent([], "the seed names one command"),
            labels: .silent([], "no label is asked for"),
            layerLimit: .silent(nil, "nothing to judge by"),
            ignored: .seed(
                2,
                ["node_modules", ".next", ".git", ".env*", "README.md", "*.md", ".vscode", ".idea"]
            ),
            remarks: [
                "Next.js needs output: \"standalone\" in next.config.js; any other app that leaves its server.js in "
                    + ".next/standalone will do"
            ]
        )
    }
}
