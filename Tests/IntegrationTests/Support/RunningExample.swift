import Foundation
import Testing

/// A program of this package that runs beside the tests.
struct RunningExample {
    private let process: Process

    /// Starts it; it finds its cluster as the tests do.
    init(_ name: String) throws {
        // All programs lie beside the tests' own.
        let folder = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        let process = Process()
        process.executableURL = folder.appending(path: name)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        self.process = process
    }

    /// Stops it as Kubernetes does; it must end by itself, and well.
    func stop() {
        self.process.terminate()
        self.process.waitUntilExit()
        #expect(self.process.terminationReason == .exit)
        #expect(self.process.terminationStatus == 0)
    }
}
