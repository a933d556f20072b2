internal import CFuzzer
internal import Glibc

/// Hands over what libFuzzer thinks of to one of the decoders, and stops where a promise is broken.
///
/// `FUZZ_TARGET` names the decoder, since libFuzzer calls this program again with arguments of its own; `hack/fuzz` is
/// the way to call it. With `make-seeds FOLDER FILE...` it writes seeds for `watch` and `list` out of manifests.
@main
enum Fuzz {
    static func main() {
        let arguments = CommandLine.arguments
        if arguments.count > 2, arguments[1] == "make-seeds" {
            exit(Seeds.write(manifests: arguments[3...], into: arguments[2]) ? 0 : 1)
        }
        let target = unsafe getenv("FUZZ_TARGET").map { unsafe String(cString: $0) }
        guard let status = Self.run(target ?? "") else {
            print("usage: FUZZ_TARGET=watch|list|kubeconfig|yaml|todoapp fuzz [libFuzzer's arguments]")
            exit(2)
        }
        exit(status)
    }

    /// A function that C calls can hold nothing, so each decoder has one.
    private static func run(_ target: String) -> Int32? {
        switch target {
        case "watch": unsafe self.drive { unsafe WatchFuzz.take(bytes($0, $1)) }
        case "list": unsafe self.drive { unsafe ListFuzz.take(bytes($0, $1)) }
        case "kubeconfig": unsafe self.drive { unsafe KubeconfigFuzz.take(bytes($0, $1)) }
        case "yaml": unsafe self.drive { unsafe YAMLFuzz.take(bytes($0, $1)) }
        case "todoapp": unsafe self.drive { unsafe TodoAppFuzz.take(bytes($0, $1)) }
        default: nil
        }
    }

    private static func drive(_ callback: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32) -> Int32 {
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = unsafe CommandLine.unsafeArgv
        return unsafe LLVMFuzzerRunDriver(&count, &arguments, callback)
    }
}

private func bytes(_ start: UnsafePointer<UInt8>?, _ count: Int) -> [UInt8] {
    unsafe Array(UnsafeBufferPointer(start: start, count: count))
}

/// Stops the program, and so shows libFuzzer what it was looking for.
///
/// Not `precondition`, whose sentence an optimised build leaves out.
func require(_ holds: Bool, _ promise: @autoclosure () -> String) {
    if !holds {
        fatalError("broken promise: \(promise())")
    }
}

/// The promise of every error: one line for people.
func requireOneLine(_ message: String) {
    require(!message.utf8.contains(0x0A), "a message is one line: \(message)")
}

/// The bytes in pieces of a size that depends on them, so that the same input is always cut at the same places.
func pieces(of bytes: [UInt8]) -> [[UInt8]] {
    let size = 1 + Int(bytes.reduce(0) { ($0 &* 31) &+ UInt16($1) } % 97)
    return stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<min($0 + size, bytes.count)]) }
}
