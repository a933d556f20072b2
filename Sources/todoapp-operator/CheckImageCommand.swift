internal import ArgumentParser
internal import ImageContracts

struct CheckImageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-image",
        abstract: "Holds an image against a contract.",
        discussion: """
            Reads a docker-archive (docker save, podman save) or an oci-archive, layers packed by gzip or not at all. \
            Nothing is unpacked to disk. It exits with 0 if there is nothing but notes, with 1 if there is, with 2 if the \
            archive cannot be read.
            """
    )

    @Argument(help: "The archive.")
    var archive: String

    @OptionGroup var image: ImageContractOptions

    @Option(name: .customLong("image"), help: "Which image, where the archive holds several: its name or its platform.")
    var imageName: String?

    @Option(help: "An archive of the base image: a contract may leave its layers out of the size.")
    var baseArchive: String?

    @Option(help: "How many of the lowest layers are the base image's, where there is no archive of it.")
    var baseLayers: Int?

    @Option(help: "A text that must be nowhere in the image, deleted files among it; may be given several times.")
    var canary: [String] = []

    @OptionGroup var report: ReportOptions

    func validate() throws {
        if self.baseArchive != nil, self.baseLayers != nil {
            throw ValidationError("--base-archive and --base-layers: one of them")
        }
        if let baseLayers, baseLayers < 0 { throw ValidationError("--base-layers: from 0 up") }
        if self.canary.contains(where: \.isEmpty) { throw ValidationError("--canary: it is empty") }
    }

    func run() throws {
        let contract = try self.image.contract()
        let archive = try opened(self.archive, image: self.imageName)
        var options = ImageCheck.Options()
        options.canaries = self.canary
        options.baseLayers = self.baseLayers
        if let baseArchive {
            guard let shared = archive.layers(sharedWith: try opened(baseArchive, image: nil)) else {
                throw CommandFailure(["\(self.archive): it does not stand on \(baseArchive)"], verdict: .calledWrongly)
            }
            options.baseLayers = shared
        }
        let result: ImageCheck.Result
        do {
            result = try ImageCheck(against: contract, options: options).result(of: archive)
        } catch {
            throw CommandFailure(["\(self.archive): \(error)"], verdict: .calledWrongly)
        }
        self.report.finish(
            Report(
                file: self.archive,
                contract: contract,
                version: BuildInformation.version,
                findings: result.findings,
                layerSizes: result.layerSizes
            )
        )
    }
}

private func opened(_ path: String, image: String?) throws -> ImageArchive {
    do {
        return try ImageArchive(try ArchiveFile(path: path), image: image)
    } catch {
        throw CommandFailure(["\(path): \(error)"], verdict: .calledWrongly)
    }
}
