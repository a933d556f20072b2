import Foundation
import Synchronization

/// A program that runs on, and whose lines are heard as they come.
final class LineStream: Sendable {
    private struct Running: @unchecked Sendable {
        // Touched under the lock alone.
        let process: Process
        let pipe: Pipe
    }

    private let running: Mutex<Running>

    /// Starts the program; `line` is called for one line at a time, in order.
    init(_ program: String, _ arguments: [String], line: @escaping @Sendable ([UInt8]) -> Void) throws {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        let rest = Mutex<[UInt8]>([])
        pipe.fileHandleForReading.readabilityHandler = { handle in
            let data = handle.availableData
            if data.isEmpty {
                handle.readabilityHandler = nil
                return
            }
            rest.withLock { rest in
                var parts = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
                let last = parts.removeLast()
                for part in parts {
                    line(rest + part)
                    rest = []
                }
                rest += last
            }
        }
        try process.run()
        self.running = Mutex(Running(process: process, pipe: pipe))
    }

    /// Ends the program.
    func stop() {
        self.running.withLock { running in
            running.pipe.fileHandleForReading.readabilityHandler = nil
            if running.process.isRunning { running.process.terminate() }
        }
    }
}
