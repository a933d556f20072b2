import JSON
import KubernetesAPI
import Testing

@Suite("KubernetesStatus")
struct KubernetesStatusTests {
    @Test("A status is read whole")
    func whole() {
        let status = KubernetesStatus(json: [
            "kind": "Status", "code": 422, "reason": "Invalid", "message": "no good",
            "details": [
                "name": "web", "group": "apps", "kind": "Deployment", "retryAfterSeconds": 3,
                "causes": [["reason": "FieldValueRequired", "message": "Required value", "field": "spec.template"]],
            ],
        ])
        let expected = KubernetesStatus(
            code: 422,
            reason: "Invalid",
            message: "no good",
            details: KubernetesStatus.Details(
                name: "web",
                group: "apps",
                kind: "Deployment",
                causes: [
                    KubernetesStatus.Cause(
                        reason: "FieldValueRequired",
                        message: "Required value",
                        field: "spec.template"
                    )
                ],
                retryAfterSeconds: 3
            )
        )
        #expect(status == expected)
        #expect(status.isInvalid)
    }

    @Test("An empty status is empty")
    func empty() {
        #expect(KubernetesStatus(json: [:]) == KubernetesStatus(code: 0, reason: "", message: ""))
    }

    @Test("Two kinds of 409 are told apart")
    func conflicts() {
        let exists = KubernetesStatus(code: 409, reason: "AlreadyExists", message: "")
        #expect(exists.isAlreadyExists && !exists.isConflict)
        let conflict = KubernetesStatus(code: 409, reason: "Conflict", message: "")
        #expect(conflict.isConflict && !conflict.isAlreadyExists)
        let bare = KubernetesStatus(code: 409, reason: "", message: "")
        #expect(bare.isConflict && !bare.isAlreadyExists)
    }

    @Test("A version that is too old is known by its code and by its reason")
    func expired() {
        #expect(KubernetesStatus(code: 410, reason: "", message: "").isExpired)
        #expect(KubernetesStatus(code: 0, reason: "Expired", message: "").isExpired)
        #expect(KubernetesStatus(code: 0, reason: "Gone", message: "").isExpired)
        #expect(!KubernetesStatus(code: 404, reason: "NotFound", message: "").isExpired)
    }

    @Test("A 403 says which door is closed: the right, the quota or the namespace")
    func forbidden() {
        let right = KubernetesStatus(code: 403, reason: "Forbidden", message: "cannot create resource")
        #expect(right.isForbidden && !right.isQuotaExceeded && !right.isNamespaceTerminating)
        let quota = KubernetesStatus(code: 403, reason: "Forbidden", message: "pods is forbidden: exceeded quota: q")
        #expect(quota.isQuotaExceeded)
        let cause = KubernetesStatus.Cause(reason: "NamespaceTerminating", message: "", field: "metadata.namespace")
        let details = KubernetesStatus.Details(causes: [cause])
        let leaving = KubernetesStatus(code: 403, reason: "Forbidden", message: "", details: details)
        #expect(leaving.isNamespaceTerminating && leaving.isForbidden)
    }

    @Test(
        "Its text is one line, whatever the server sent",
        arguments: [
            (404, "NotFound", "pods \"a\" not found", "404 NotFound: pods \"a\" not found"),
            (502, "", "<html>\n  <b>bad</b>\r\n</html>", "502: <html>   <b>bad</b> </html>"),
            (503, "", "", "503"), (500, "InternalError", "", "500 InternalError"),
            (410, "Ex\npired", "", "410 Ex pired"),
        ]
    )
    func description(_ code: Int, _ reason: String, _ message: String, _ text: String) {
        #expect(KubernetesStatus(code: code, reason: reason, message: message).description == text)
    }
}
