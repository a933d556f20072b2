internal import ArgumentParser
internal import ImageContracts

struct DockerfileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dockerfile",
        abstract: "Prints the Dockerfile, or the ignore file, that a contract describes.",
        discussion: """
            Contract fastapi is for any FastAPI app; what is otherwise there can be said. What is printed meets \
            check-dockerfile with the same options.
            """
    )

    @OptionGroup var image: ImageContractOptions

    @Flag(help: "Print the .dockerignore beside it.")
    var dockerignore = false

    func run() throws {
        let contract = try self.image.contract()
        StandardOutput.write(self.dockerignore ? contract.dockerignore : contract.dockerfile)
    }
}
