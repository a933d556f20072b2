internal import CCrypto

/// A certificate that vouches for itself, and its key, both as PEM.
struct SelfSignedCertificate: Sendable, Equatable {
    var certificate: [UInt8]
    var key: [UInt8]

    /// Longer than any demo, and nobody has to renew it.
    static let days: Int32 = 3650

    /// A new certificate for these host names; `nil` where libcrypto has no memory left or takes a name for malformed.
    static func make(commonName: String, hosts: [String]) -> SelfSignedCertificate? {
        // A P-256 key takes 241 bytes, and a certificate with a few names less than a thousand.
        let size = 8192
        var (certificate, key) = ([UInt8](repeating: 0, count: size), [UInt8](repeating: 0, count: size))
        var (certificateCount, keyCount) = (0, 0)
        let names = hosts.map { "DNS:\($0)" }.joined(separator: ",")
        let done = unsafe todoapp_self_signed(
            commonName,
            names,
            Self.days,
            size,
            &certificate,
            &certificateCount,
            &key,
            &keyCount
        )
        guard done == 1 else { return nil }
        return SelfSignedCertificate(
            certificate: Array(certificate.prefix(certificateCount)),
            key: Array(key.prefix(keyCount))
        )
    }
}
