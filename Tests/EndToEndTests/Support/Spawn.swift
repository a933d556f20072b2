import Dispatch
import Glibc

/// A program as a child process whose input and outputs are files.
///
/// Foundation's `Process` is not used for what is started a thousand times in a run: it crashed in `run()` (6.3.1, a bad
/// read in its preparations for the child) when several tasks started programs at the same time.
enum Spawn {
    /// A program could not be started; the error number of the system.
    struct Failure: Error {
        let program: String
        let errorNumber: Int32
    }

    /// Runs a program, found along PATH, to its end.
    ///
    /// - Returns: Its exit code, or the signal that ended it, with a minus.
    static func run(
        _ program: String,
        _ arguments: [String],
        environment: [String: String],
        input: String,
        output: String,
        errors: String
    ) async throws -> Int32 {
        let child = try Self.start(program, arguments, environment, input, output, errors)
        return await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                var status: Int32 = 0
                while unsafe waitpid(child, &status, 0) < 0, errno == EINTR {}
                let signal = status & 0x7F
                continuation.resume(returning: signal == 0 ? (status >> 8) & 0xFF : -signal)
            }
        }
    }

    private static func start(
        _ program: String,
        _ arguments: [String],
        _ environment: [String: String],
        _ input: String,
        _ output: String,
        _ errors: String
    ) throws -> pid_t {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, input, O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, O_WRONLY | O_TRUNC, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors, O_WRONLY | O_TRUNC, 0)

        // The threads of the concurrency pool block signals, and a child would inherit that.
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        unsafe sigemptyset(&none)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))

        let words = unsafe ([program] + arguments).map { unsafe strdup($0) } + [nil]
        let variables = unsafe environment.map { unsafe strdup("\($0.key)=\($0.value)") } + [nil]
        defer {
            for index in unsafe words.indices { unsafe free(words[index]) }
            for index in unsafe variables.indices { unsafe free(variables[index]) }
        }
        var child: pid_t = 0
        let errorNumber = unsafe posix_spawnp(&child, program, &actions, &attributes, words, variables)
        guard errorNumber == 0 else { throw Failure(program: program, errorNumber: errorNumber) }
        return child
    }
}
