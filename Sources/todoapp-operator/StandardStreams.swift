internal import Glibc

/// The process's standard output.
enum StandardOutput {
    /// Writes text, whole.
    static func write(_ text: String) {
        writeWhole(text, to: STDOUT_FILENO)
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
    }

    /// Ends the process.
    static func exit(with verdict: Verdict) -> Never {
        Glibc.exit(verdict.rawValue)
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
