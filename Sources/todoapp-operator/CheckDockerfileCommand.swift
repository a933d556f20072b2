internal import ArgumentParser
internal import FoundationEssentials
internal import ImageContracts
internal import JSON

struct CheckDockerfileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-dockerfile",
        abstract: "Holds a Dockerfile against a contract.",
        discussion: """
            Each finding is a line with file, line, level and rule. It exits with 0 if there are none but notes, with 1 if \
            there are others, with 2 if the file cannot be read as a Dockerfile.
            """
    )

    @Argument(help: "The Dockerfile; - for standard input.")
    var file: String

    @OptionGroup var image: ImageContractOptions

    @OptionGroup var report: ReportOptions

    func run() throws {
        let bytes: [UInt8]
        do {
            bytes =
                self.file == "-" ? StandardInput.readWhole() : [UInt8](try Data(contentsOf: URL(filePath: self.file)))
        } catch {
            throw CommandFailure(["\(self.file): it cannot be read"], verdict: .calledWrongly)
        }
        let dockerfile: Dockerfile
        do {
            dockerfile = try Dockerfile(parsing: String(decoding: bytes, as: UTF8.self))
        } catch {
            throw CommandFailure(["\(self.file): \(error)"], verdict: .calledWrongly)
        }
        let contract = try self.image.contract()
        self.report.finish(
            Report(
                file: self.file == "-" ? "Dockerfile" : self.file,
                contract: contract,
                version: BuildInformation.version,
                findings: DockerfileCheck(dockerfile, against: contract).findings()
            )
        )
    }
}

/// How a report is printed.
struct ReportOptions: ParsableArguments {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text
        case json
        case sarif
    }

    @Option(name: .shortAndLong, help: "text, json or sarif. Default: text.")
    var output: Format = .text

    /// Prints it, and ends the process with 1 if there is more in it than notes.
    func finish(_ report: Report) {
        switch self.output {
        case .text: StandardOutput.write(report.text)
        case .json: StandardOutput.write(report.json.text(.pretty) + "\n")
        case .sarif: StandardOutput.write(report.sarif.text(.pretty) + "\n")
        }
        if !report.findings.isClean { Process.exit(with: .thingIsWrong) }
    }
}
