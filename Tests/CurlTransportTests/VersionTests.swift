import CurlTransport
import Testing

struct VersionTests {
    @Test("the library's version begins with its name and a number, and names its TLS")
    func version() {
        let version = CurlTransport.libraryVersion
        #expect(version.hasPrefix("libcurl/"))
        #expect(version.dropFirst("libcurl/".count).first?.isNumber == true)
        #expect(version.contains("OpenSSL"))
    }
}
