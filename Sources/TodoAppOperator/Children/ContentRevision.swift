internal import CCrypto

/// What stands in a pod template for the content of a Secret or ConfigMap: 16 hexadecimal digits that change when,
/// and only when, the content does.
///
/// A Secret's revision is keyed with a value that nobody outside knows, so that it can be shown in a pod template
/// without giving anyone a way to try out guesses at the values.
public struct ContentRevision: Sendable, Hashable, CustomStringConvertible {
    /// The first 16 hexadecimal digits of the digest.
    public let description: String

    /// The revision of content that is no secret: a plain SHA-256.
    public init(ofPublic content: [String: String]) {
        self.description = hexPrefix(sha256(encoded(content.mapValues { Array($0.utf8) })))
    }

    /// The revision of a Secret's content: an HMAC-SHA-256.
    ///
    /// - Parameters:
    ///   - content: The keys that the component uses, with their values.
    ///   - key: The value of the contract's signing key, which lies in the same Secret; where the contract has none,
    ///     the Secret's uid.
    public init(ofSecret content: [String: [UInt8]], key: [UInt8]) {
        self.description = hexPrefix(hmacSHA256(key: key, encoded(content)))
    }
}

/// The first 16 hexadecimal digits of a text's SHA-256.
func digestPrefix(_ text: String) -> String {
    digestPrefix(Array(text.utf8))
}

/// The first 16 hexadecimal digits of these bytes' SHA-256.
func digestPrefix(_ bytes: [UInt8]) -> String {
    hexPrefix(sha256(bytes))
}

/// Lengths stand before keys and values, so that no two contents share an encoding.
private func encoded(_ content: [String: [UInt8]]) -> [UInt8] {
    var bytes: [UInt8] = []
    for (key, value) in content.sorted(by: { $0.key < $1.key }) {
        bytes.append(contentsOf: "\(key.utf8.count):".utf8)
        bytes.append(contentsOf: key.utf8)
        bytes.append(contentsOf: "\(value.count):".utf8)
        bytes.append(contentsOf: value)
    }
    return bytes
}

private func sha256(_ data: [UInt8]) -> [UInt8] {
    var digest = emptyDigest
    let done = unsafe todoapp_sha256(data, data.count, &digest)
    precondition(done == 1, missingDigest)
    return digest
}

private func hmacSHA256(key: [UInt8], _ data: [UInt8]) -> [UInt8] {
    var digest = emptyDigest
    let done = unsafe todoapp_hmac_sha256(key, key.count, data, data.count, &digest)
    precondition(done == 1, missingDigest)
    return digest
}

private let emptyDigest = [UInt8](repeating: 0, count: Int(TODOAPP_SHA256_BYTES))

/// A revision that says nothing would keep pods on old content for ever, so there is no going on without it.
private let missingDigest = "libcrypto has no SHA-256 or no memory left"

private func hexPrefix(_ digest: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    let text = digest.prefix(8).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return String(decoding: text, as: UTF8.self)
}
