import Foundation

/// What the kernel says of a process' memory.
///
/// - Parameters:
///   - field: `VmRSS` for what is resident, `VmHWM` for the most that ever was.
///   - process: Its folder, such as `/proc/self`.
func memoryMiB(_ field: String, of process: String) throws -> Double {
    let status = try String(contentsOfFile: "\(process)/status", encoding: .utf8)
    let line = status.split(separator: "\n").first { $0.hasPrefix("\(field):") }
    let kibibytes = line?.split { " \t".contains($0) }.dropFirst().first.flatMap { Double($0) }
    return (kibibytes ?? .nan) / 1024
}
