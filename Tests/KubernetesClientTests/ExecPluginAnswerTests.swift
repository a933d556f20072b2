import Testing

@testable import KubernetesClient

@Suite("ExecPluginAnswer")
struct ExecPluginAnswerTests {
    private static let head = #""apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential""#

    private func answer(_ text: String) throws -> ExecPluginAnswer {
        try ExecPluginAnswer(Array(text.utf8), version: .v1)
    }

    @Test("A token, with or without an end")
    func token() throws {
        let endless = try self.answer(#"{\#(Self.head), "status": {"token": "abc"}}"#)
        #expect(endless.token == "abc")
        #expect(endless.certificate == nil)
        #expect(endless.expiry == nil)
        for (text, seconds) in [
            ("1970-01-01T00:01:00Z", 60.0), ("1970-01-01T01:01:00+01:00", 60), ("1970-01-01T00:01:00.500Z", 60.5),
        ] {
            let answer = try self.answer(
                #"{\#(Self.head), "status": {"token": "abc", "expirationTimestamp": "\#(text)"}}"#
            )
            #expect(answer.expiry == seconds, "\(text)")
        }
    }

    @Test("YAML reads the same")
    func yaml() throws {
        let answer = try self.answer(
            """
            apiVersion: client.authentication.k8s.io/v1
            kind: ExecCredential
            status:
              token: abc
              expirationTimestamp: "1970-01-01T00:01:00Z"
            """
        )
        #expect(answer.token == "abc")
        #expect(answer.expiry == 60)
    }

    @Test(
        "What cannot be used says why, and quotes nothing that may be secret",
        arguments: [
            ("", "it is empty"),
            ("s3cret: [", "it is neither JSON nor YAML"),
            ("[1]", "it is no object but array"),
            (
                #"{"apiVersion": "client.authentication.k8s.io/v1", "kind": "Token", "status": {"token": "s3cret"}}"#,
                #"kind must be ExecCredential, found "Token""#
            ),
            (
                #"{"apiVersion": "client.authentication.k8s.io/v1beta1", "kind": "ExecCredential"}"#,
                #"apiVersion must be client.authentication.k8s.io/v1, found "client.authentication.k8s.io/v1beta1""#
            ),
            (#"{"kind": "ExecCredential"}"#, "apiVersion must be client.authentication.k8s.io/v1, found none"),
            (#"{\#(Self.head)}"#, "its status holds neither a token nor a client certificate"),
            (
                #"{\#(Self.head), "status": {"clientKeyData": "s3cret"}}"#,
                "clientKeyData is there without clientCertificateData"
            ),
            (
                #"{\#(Self.head), "status": {"clientCertificateData": "x", "clientKeyData": "s3cret"}}"#,
                "clientCertificateData and clientKeyData are no PEM that belongs together"
            ),
            (
                #"{\#(Self.head), "status": {"token": "s3cret", "expirationTimestamp": "tomorrow"}}"#,
                "expirationTimestamp is no RFC 3339 time"
            ),
        ]
    )
    func unusable(_ text: String, _ why: String) {
        #expect(throws: ExecPluginError.unusableOutput(why)) { try self.answer(text) }
        #expect(!why.contains("s3cret"))
    }
}
