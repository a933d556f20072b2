import CCurl
import Glibc
import HTTPTransport
import Testing

@testable import CurlTransport

@Suite("What libcurl's errors mean")
struct CurlFailureTests {
    private func error(
        _ code: CURLcode,
        _ message: String = "words",
        systemError: Int32 = 0,
        verifyResult: Int = 0,
        proxyStatus: Int = 0,
        wasSent: Bool = true
    ) -> HTTPTransportError {
        CurlFailure(
            code: code,
            message: message,
            systemError: systemError,
            verifyResult: verifyResult,
            proxyStatus: proxyStatus,
            wasSent: wasSent,
            endpoint: "h:1",
            connectTimeout: .seconds(10)
        ).transportError
    }

    @Test("each code becomes the error that says what to do about it")
    func codes() {
        #expect(self.error(CURLE_COULDNT_RESOLVE_HOST) == .hostNotFound("words"))
        let refused = self.error(CURLE_COULDNT_CONNECT, systemError: ECONNREFUSED)
        #expect(refused == .couldNotConnect("h:1: connection refused"))
        #expect(self.error(CURLE_COULDNT_CONNECT) == .couldNotConnect("h:1: words"))
        #expect(self.error(CURLE_OPERATION_TIMEDOUT) == .couldNotConnect("h:1: not connected within 10.0 seconds"))
        #expect(self.error(CURLE_SSL_CONNECT_ERROR) == .tlsFailed("h:1: words"))
        #expect(self.error(CURLE_GOT_NOTHING) == .connectionLost("h:1: closed without an answer"))
        #expect(self.error(CURLE_RECV_ERROR) == .connectionLost("h:1: words"))
        #expect(self.error(CURLE_RECV_ERROR, wasSent: false) == .couldNotConnect("h:1: words"))
        #expect(self.error(CURLE_HTTP2_STREAM, "") == .connectionLost("h:1: libcurl's error 92"))
        #expect(
            self.error(CURLE_RECV_ERROR, proxyStatus: 407, wasSent: false)
                == .couldNotConnect("h:1: the proxy refused with status 407")
        )
        #expect(
            self.error(CURLE_RECV_ERROR, "OpenSSL SSL_read: tlsv13 alert certificate required, errno 0").wasNeverSent
        )
    }

    @Test("an untrusted certificate says why")
    func distrust() {
        func reason(_ result: Int) -> HTTPTransportError {
            self.error(CURLE_PEER_FAILED_VERIFICATION, "words", verifyResult: result)
        }
        #expect(reason(10) == .certificateNotTrusted("h:1: it has expired"))
        #expect(reason(9) == .certificateNotTrusted("h:1: it is not yet valid"))
        #expect(reason(18) == .certificateNotTrusted("h:1: it is self-signed"))
        #expect(reason(20) == .certificateNotTrusted("h:1: it is signed by an unknown authority"))
        #expect(reason(0) == .certificateNotTrusted("h:1: words"))
    }

    @Test("words become one short line without a URL's user and password")
    func cleaning() {
        #expect(CurlFailure.cleaned("  a\n\tb\u{7} ") == "a b")
        #expect(CurlFailure.cleaned("in 'http://user:p@ss@proxy:1'") == "in 'http://…@proxy:1'")
        #expect(CurlFailure.cleaned(String(repeating: "x", count: 1000)).count == 300)
    }
}
