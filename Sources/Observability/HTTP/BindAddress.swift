/// Where a server listens, as flags have it: `:8081`, `127.0.0.1:8081`, `[::1]:8081`.
public struct BindAddress: Sendable, Equatable, CustomStringConvertible {
    /// The address; empty for all of the machine's.
    public var host: String
    /// The port; 0 for one that is free.
    public var port: Int

    /// Reads an address; `nil` where it is none.
    public init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard !host.contains("["), !host.contains("]") else { return nil }
        self.host = String(host)
        self.port = Int(port)
    }

    /// The addresses to try: a machine may have no IPv6, and one that has it takes IPv4 along.
    var hosts: [String] {
        self.host.isEmpty ? ["::", "0.0.0.0"] : [self.host]
    }

    /// As flags have it.
    public var description: String {
        self.host.contains(":") ? "[\(self.host)]:\(self.port)" : "\(self.host):\(self.port)"
    }
}
