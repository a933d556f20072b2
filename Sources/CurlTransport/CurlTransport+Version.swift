internal import CCurl

extension CurlTransport {
    /// The version of the libcurl that the process runs with, and of what it is built on, in libcurl's own words.
    public static var libraryVersion: String {
        guard let version = unsafe curl_version() else { return "unknown" }
        return unsafe String(cString: version)
    }
}
