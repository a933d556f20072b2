internal import Subprocess
internal import SystemPackage

/// A program to be run once, to its end.
struct Program: Sendable, Equatable {
    /// A name that is looked up in PATH, or a path.
    var command: String
    var arguments: [String]
    /// On top of the process's own environment.
    var environment: [String: String]

    /// What came of it.
    struct Result: Sendable, Equatable {
        var end: End
        var output: [UInt8]
        var errors: [UInt8]

        enum End: Sendable, Equatable {
            case exited(Int)
            case signalled(Int)
        }
    }

    enum Failure: Error, Equatable {
        case notFound
        /// It could not be started, or printed more than is read.
        case notRun(String)
        case timedOut
        case cancelled
    }

    /// More than any credential needs, on either stream.
    private static let outputLimit = 1 << 20

    /// Runs the program without a standard input; it is killed when the time is over or the task is cancelled.
    func run(within limit: Duration) async throws(Failure) -> Result {
        let ended = await withTaskGroup(of: Swift.Result<Result, Failure>.self) { group in
            group.addTask { await self.runToItsEnd() }
            group.addTask {
                let slept: Void? = try? await Task.sleep(for: limit)
                return .failure(slept == nil ? .cancelled : .timedOut)
            }
            let first = await group.next() ?? .failure(.cancelled)
            group.cancelAll()
            return first
        }
        if Task.isCancelled { throw .cancelled }
        return try ended.get()
    }

    private func runToItsEnd() async -> Swift.Result<Result, Failure> {
        var updates: [Environment.Key: String?] = [:]
        for (name, value) in self.environment {
            updates[Environment.Key(stringLiteral: name)] = value
        }
        do {
            let result = try await Subprocess.run(
                self.command.contains("/") ? .path(FilePath(self.command)) : .name(self.command),
                arguments: Arguments(self.arguments),
                environment: .inherit.updating(updates),
                output: .bytes(limit: Self.outputLimit),
                error: .bytes(limit: Self.outputLimit)
            )
            let end: Result.End =
                switch result.terminationStatus {
                case .exited(let code): .exited(Int(code))
                case .signaled(let signal): .signalled(Int(signal))
                }
            return .success(Result(end: end, output: result.standardOutput, errors: result.standardError))
        } catch let error as SubprocessError {
            switch error.code {
            case .executableNotFound: return .failure(.notFound)
            case .outputLimitExceeded: return .failure(.notRun("it wrote more than \(Self.outputLimit) bytes"))
            default:
                let why = error.underlyingError.map { "\($0)" } ?? "\(error)"
                return .failure(.notRun(why.split(whereSeparator: \.isNewline).joined(separator: " ")))
            }
        } catch {
            return .failure(.cancelled)
        }
    }
}
