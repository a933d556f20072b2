import KubernetesClient
import Testing

@Suite("Credentials that never change")
struct CredentialTests {
    @Test("Who has no other credential says so when it is refused")
    func invalidation() async {
        for credential in [NoCredential(), FixedCredential(token: "t")] as [any Credential] {
            #expect(await credential.invalidate([(name: "Authorization", value: "Bearer t")]) == false)
        }
    }

    @Test("Whoever acts for somebody else passes a refusal on to the credential with which he does so")
    func impersonation() async throws {
        let own = CountingCredential(hasOthers: true)
        let credential = ImpersonatingCredential(own: own, user: "jane", uid: "", groups: [], extra: [:])
        let headers = try await credential.headers()
        #expect(headers.contains { $0 == (name: "Impersonate-User", value: "jane") })
        #expect(await credential.invalidate(headers))
        #expect(own.invalidated == 1)
    }
}
