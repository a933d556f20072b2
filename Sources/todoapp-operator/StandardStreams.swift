internal import Glibc
internal import KubectlTodoApp

/// The process's standard output.
enum StandardOutput {
    /// Writes text, whole.
    static func write(_ text: String) {
        writeWhole(text, to: STDOUT_FILENO)
    }
}

extension StandardOutput {
    /// The size of the terminal that it goes to; `nil` where it goes elsewhere.
    static var terminal: TerminalSize? {
        guard isatty(STDOUT_FILENO) == 1 else { return nil }
        var size = winsize()
        let isKnown = unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        // What terminals are when they do not say: 80 by 24.
        return TerminalSize(columns: isKnown ? Int(size.ws_col) : 80, rows: isKnown ? Int(size.ws_row) : 24)
    }
}

/// The process's standard error.
enum StandardError {
    /// Writes text, whole.
    static func write(_ text: String) {
        writeWhole(text, to: STDERR_FILENO)
    }
}

/// How the process ends.
enum Process {
    /// What an exit code means.
    enum Verdict: Int32 {
        case thingIsWrong = 1
        case calledWrongly = 2
        case leaseLost = 3
    }

    /// Ends the process.
    static func exit(with verdict: Verdict) -> Never {
        Self.exit(with: verdict.rawValue)
    }

    /// Ends the process with an exit code.
    static func exit(with code: Int32) -> Never {
        Glibc.exit(code)
    }

    /// Ends the process at once, as a shell says that a signal has ended it.
    static func exitAtOnce(afterSignal number: Int32) -> Never {
        Glibc._exit(128 + number)
    }
}

/// One write call for one text, so that lines of several threads do not mix; more only where the kernel takes a part.
private func writeWhole(_ text: String, to descriptor: Int32) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
        let written = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
        if written < 0 {
            guard errno == EINTR || errno == EAGAIN else { return }
            continue
        }
        bytes = bytes.dropFirst(written)
    }
}

/// The process's standard input.
enum StandardInput {
    /// Reads to the end.
    static func readWhole() -> [UInt8] {
        var whole: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe chunk.withUnsafeMutableBytes { buffer in
                unsafe Glibc.read(STDIN_FILENO, buffer.baseAddress, buffer.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return whole }
            whole += chunk[..<count]
        }
    }
}
