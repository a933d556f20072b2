import JSON
import KubernetesAPI
import Testing
import TodoAppAPI

@testable import TodoAppOperator

@Suite("ContractVerdict")
struct ContractVerdictTests {
    private func state(_ name: ComponentName, seconds: Int64? = 3, size: ImageSize = .bytes(90_000_000))
        -> ComponentStatus
    {
        ComponentStatus(
            name: name,
            progress: .complete,
            image: "",
            imageID: "",
            desired: 1,
            updated: 1,
            ready: 1,
            available: 1,
            revision: "abc",
            url: "",
            imageSize: size,
            startupSeconds: seconds,
            restarts: 0,
            failures: []
        )
    }

    private func verdict(_ sample: Sample, _ states: ComponentStatus...) -> ContractVerdict {
        ContractVerdict(of: sample.app(in: .production).components, states)
    }

    @Test("What is measured and within bounds is met")
    func met() {
        let verdict = self.verdict(.taskflow, self.state(.backend, seconds: 20), self.state(.frontend, seconds: 15))
        #expect(verdict.status == .true)
        #expect(verdict.reason == "Met")
    }

    @Test("A start that takes longer than the contract allows is told with both figures")
    func slow() {
        let verdict = self.verdict(.taskflow, self.state(.backend, seconds: 21), self.state(.frontend))
        #expect(verdict.status == .false)
        #expect(verdict.reason == "StartupTooSlow")
        #expect(verdict.message == "backend: 21 s from scheduled to ready; the contract allows 20 s")
    }

    @Test("An image that is too large is told first, and beside it what else is broken")
    func large() {
        let verdict = self.verdict(
            .taskflow,
            self.state(.backend, seconds: 21),
            self.state(.frontend, size: .bytes(201_000_000))
        )
        #expect(verdict.reason == "ImageTooLarge")
        #expect(
            verdict.message == "frontend: the image has 201 MB; the contract allows 200 MB; "
                + "backend: 21 s from scheduled to ready; the contract allows 20 s"
        )
    }

    @Test("Where the base image does not count, a large image may be within bounds, and a small one is")
    func base() {
        #expect(self.verdict(.openai, self.state(.backend, size: .bytes(200_000_000))).status == .true)
        let large = self.verdict(.openai, self.state(.backend, size: .bytes(900_000_000)))
        #expect(large.status == .unknown)
        #expect(large.message == "backend: the image has 900 MB; the contract allows 200 MB beyond its base")
    }

    @Test("What is not known is said with its reason, unless something is broken")
    func unknown() {
        let verdict = self.verdict(
            .groq,
            self.state(.backend, seconds: nil, size: .unknown("the operator may not read nodes")),
            self.state(.frontend)
        )
        #expect(verdict.status == .unknown)
        #expect(verdict.reason == "Unknown")
        #expect(
            verdict.message.hasPrefix(
                "backend: image size is not known: the operator may not read nodes; backend: start-up"
            )
        )
        let slow = self.verdict(.groq, self.state(.backend, seconds: 61, size: .notThere), self.state(.frontend))
        #expect(slow.reason == "StartupTooSlow")
    }

    @Test("A contract that bounds nothing asks for no measurement")
    func silent() {
        let verdict = self.verdict(.cohere, self.state(.backend, seconds: nil, size: .notThere))
        #expect(verdict.reason == "RunsAsRoot")
        #expect(!verdict.message.contains("not known"))
    }
}
