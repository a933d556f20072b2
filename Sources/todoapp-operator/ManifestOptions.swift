internal import ArgumentParser
internal import FoundationEssentials
internal import TodoAppAPI

/// Where a command finds the TodoApps that it looks at.
struct ManifestOptions: ParsableArguments {
    @Option(
        name: [.customShort("f"), .customLong("filename")],
        help: "A file or a folder of YAML or JSON; - for standard input. May be given several times."
    )
    var paths: [String]

    func validate() throws {
        guard !self.paths.isEmpty else { throw ValidationError("-f: name a file, a folder, or - for standard input") }
    }

    /// Reads all of it.
    ///
    /// - Throws: ``CommandFailure`` with a line for each file that cannot be read, and where there is no TodoApp at all.
    func read() throws -> ManifestReading {
        var reading = ManifestReading()
        for path in self.paths {
            for source in try sources(at: path) {
                reading.append(ManifestReading(text: try source.text(), file: source.name))
            }
        }
        guard !reading.manifests.isEmpty || !reading.problems.isEmpty else {
            throw CommandFailure(["\(self.paths.joined(separator: ", ")): no TodoApp is in there"])
        }
        return reading
    }
}

private enum ManifestSource {
    case standardInput
    case file(String)

    var name: String {
        switch self {
        case .standardInput: "standard input"
        case .file(let path): path
        }
    }

    func text() throws -> String {
        let bytes: [UInt8]
        switch self {
        case .standardInput:
            bytes = StandardInput.readWhole()
        case .file(let path):
            do {
                bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
            } catch {
                throw CommandFailure(["\(path): it cannot be read: \(reason(error))"])
            }
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CommandFailure(["\(self.name): not UTF-8"])
        }
        return text
    }
}

/// The files behind a path: itself, or all manifests of a folder in the order of their names.
private func sources(at path: String) throws -> [ManifestSource] {
    if path == "-" { return [.standardInput] }
    var isFolder = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
        throw CommandFailure(["\(path): no such file or folder"])
    }
    guard isFolder else { return [.file(path)] }
    let names: [String]
    do {
        names = try FileManager.default.contentsOfDirectory(atPath: path)
    } catch {
        throw CommandFailure(["\(path): it cannot be read: \(reason(error))"])
    }
    let manifests = names.filter { name in [".yaml", ".yml", ".json"].contains { name.hasSuffix($0) } }
    guard !manifests.isEmpty else { throw CommandFailure(["\(path): no .yaml, .yml or .json file is in there"]) }
    let folder = path.hasSuffix("/") ? path : "\(path)/"
    return manifests.sorted().map { .file(folder + $0) }
}

private func reason(_ error: any Error) -> String {
    switch (error as? CocoaError)?.code {
    case .fileReadNoPermission: "permission denied"
    case .fileReadNoSuchFile, .fileNoSuchFile: "no such file"
    default: "\(error)".split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}
