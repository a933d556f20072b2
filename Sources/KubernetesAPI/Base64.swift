internal import FoundationEssentials

/// The text form that Kubernetes gives to bytes: Secrets' data, certificates in a kubeconfig.
public enum Base64 {
    /// The bytes behind a text; `nil` where it is not base64.
    ///
    /// Line breaks are allowed, as `base64` prints them.
    public static func decode(_ text: String) -> [UInt8]? {
        let digits = text.filter { !$0.isWhitespace }
        // Foundation takes a text of nothing but padding for a zero byte.
        guard !digits.hasSuffix("==="), let data = Data(base64Encoded: digits) else { return nil }
        return [UInt8](data)
    }

    /// The text for bytes.
    public static func encode(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString()
    }
}
