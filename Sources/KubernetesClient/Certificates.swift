internal import CCrypto
internal import CurlTransport

/// Whether PEM is what it should be, before a connection is staked on it.
enum Certificates {
    /// Whether these bytes hold at least one certificate, and none that cannot be read.
    static func areReadable(_ pem: [UInt8]) -> Bool {
        unsafe pem.withUnsafeBufferPointer { unsafe todoapp_pem_certificates($0.baseAddress, $0.count) } > 0
    }

    /// Whether the key is the one that the certificate was made for: files that are exchanged one after the other are often
    /// seen in between.
    static func belongTogether(_ pair: CurlTransport.Configuration.ClientCertificate) -> Bool {
        unsafe pair.certificate.withUnsafeBufferPointer { certificate in
            unsafe pair.key.withUnsafeBufferPointer { key in
                unsafe todoapp_pem_pair_matches(
                    certificate.baseAddress,
                    certificate.count,
                    key.baseAddress,
                    key.count
                )
            }
        } == 1
    }
}
