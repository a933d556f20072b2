import Foundation

/// One run of a program to its end; what it wrote, and how it ended.
struct ProgramRun: Sendable {
    let exitCode: Int32
    let output: String
    let errors: String

    /// Runs a program and gives it a text to read; no thread waits meanwhile.
    init(_ program: String, _ arguments: [String], environment: [String: String] = [:], input: String = "") async throws
    {
        let folder = FileManager.default.temporaryDirectory.appending(path: "todoapp-run-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (inputFile, outputFile, errorFile) = (
            folder.appending(path: "input"), folder.appending(path: "output"), folder.appending(path: "errors")
        )
        // Files and not pipes: nobody has to read in time, and no other child can hold an end open.
        try Data(input.utf8).write(to: inputFile)
        for file in [outputFile, errorFile] {
            try Data().write(to: file)
        }
        self.exitCode = try await Spawn.run(
            program,
            arguments,
            environment: ProcessInfo.processInfo.environment.merging(environment) { $1 },
            input: inputFile.path(),
            output: outputFile.path(),
            errors: errorFile.path()
        )
        self.output = try String(decoding: Data(contentsOf: outputFile), as: UTF8.self)
        self.errors = try String(decoding: Data(contentsOf: errorFile), as: UTF8.self)
    }
}
