import Foundation
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
        let child = try Self.start(
            program,
            arguments,
            environment: environment,
            input: input,
            output: output,
            errors: errors
        )
        return await Self.end(of: child).code
    }

    /// How a child ended, and what it took.
    struct End: Sendable {
        /// Its exit code, or the signal that ended it, with a minus.
        let code: Int32
        let peakKilobytes: Int
        /// The processor's time.
        let cpuSeconds: Double
    }

    /// Waits until a child has ended; to be asked once for each.
    static func end(of child: pid_t) async -> End {
        await withCheckedContinuation { continuation in
            // A thread of its own: a child may live as long as the tests, and many of them would take all of a pool's.
            Thread.detachNewThread {
                var status: Int32 = 0
                var usage = rusage()
                while unsafe wait4(child, &status, 0, &usage) < 0, errno == EINTR {}
                let signal = status & 0x7F
                let times = [usage.ru_utime, usage.ru_stime]
                continuation.resume(
                    returning: End(
                        code: signal == 0 ? (status >> 8) & 0xFF : -signal,
                        peakKilobytes: usage.ru_maxrss,
                        cpuSeconds: times.reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1_000_000 }
                    )
                )
            }
        }
    }

    /// Starts a program, found along PATH; ``end(of:)`` waits for it.
    ///
    /// - Parameter appending: Whether the outputs keep what they hold.
    static func start(
        _ program: String,
        _ arguments: [String],
        environment: [String: String],
        input: String,
        output: String,
        errors: String,
        appending: Bool = false
    ) throws -> pid_t {
        let flags = O_WRONLY | (appending ? O_APPEND : O_TRUNC)
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, input, O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, flags, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors, flags, 0)
        // A connection that a test closes would live on in every child that has inherited it.
        for descriptor in (STDERR_FILENO + 1)..<1024 {
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        }

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
