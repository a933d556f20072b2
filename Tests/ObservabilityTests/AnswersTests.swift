import ControllerRuntime
import CoreMetrics
import HTTPTransport
import JSON
import KubernetesClient
import KubernetesTesting
import Observability
import Testing

@Suite("Probes' answers")
struct ProbeAnswersTests {
    private let good = ProbeCheck("a") { .ok("well") }
    private let bad = ProbeCheck("b") { .failed("list pods: forbidden") }

    @Test("A probe that is good says ok, and more to who asks for it")
    func good200() {
        let answers = ProbeAnswers(live: [self.good], ready: [self.good])
        #expect(answers.answer(HTTPQuestion(path: "/readyz")) == HTTPAnswer(status: 200, text: "ok"))
        for query in ["verbose", "x=1&verbose", "verbose=1"] {
            let answer = answers.answer(HTTPQuestion(path: "/readyz", query: query))
            #expect(answer == HTTPAnswer(status: 200, text: "[+]a well\nreadyz check passed\n"))
        }
        #expect(answers.answer(HTTPQuestion(path: "/livez")).status == 200)
        #expect(answers.answer(HTTPQuestion(path: "/healthz")).status == 200)
        #expect(answers.answer(HTTPQuestion(path: "/elsewhere")).status == 404)
    }

    @Test("A probe that is bad says why without being asked; the other probe does not care")
    func bad503() {
        let answers = ProbeAnswers(live: [self.good], ready: [self.good, self.bad])
        let answer = answers.answer(HTTPQuestion(path: "/readyz"))
        #expect(answer.status == 503)
        #expect(answer.text == "[+]a well\n[-]b failed: list pods: forbidden\nreadyz check failed\n")
        #expect(answers.answer(HTTPQuestion(path: "/livez")).status == 200)
    }
}

@Suite("Metrics' answers")
struct MetricsAnswersTests {
    private let registry = PrometheusRegistry([MetricDescription("a", .gauge, help: "A.")])

    private func answers(_ reviews: [RecordedTransport.Answer]) -> MetricsAnswers {
        let client = KubernetesClient(
            transport: RecordedTransport(reviews),
            credential: NoCredential(),
            options: KubernetesClient.Options(userAgent: "unit-test/1", retry: RetryPolicy(attempts: 1))
        )
        return MetricsAnswers(self.registry, authorizer: TokenAuthorizer(client: client, fieldManager: "unit-test"))
    }

    private let known = RecordedTransport.Answer.json([
        "status": ["authenticated": true, "user": ["username": "prometheus", "groups": ["g"]]]
    ])

    @Test("Who is let in gets the text format")
    func allowed() async {
        Meter(label: "a", factory: self.registry).set(1)
        let answers = self.answers([self.known, .json(["status": ["allowed": true]])])
        let answer = await answers.answer(HTTPQuestion(path: "/metrics", bearerToken: "t"))
        #expect(answer.status == 200)
        #expect(answer.contentType == "text/plain; version=0.0.4; charset=utf-8")
        #expect(answer.text == "# HELP a A.\n# TYPE a gauge\na 1\n")
    }

    @Test("Who is not let in is told no figure")
    func refused() async {
        #expect(await self.answers([]).answer(HTTPQuestion(path: "/metrics")).status == 401)
        #expect(await self.answers([]).answer(HTTPQuestion(path: "/metrics", bearerToken: "")).status == 401)
        let unknown = self.answers([.json(["status": ["authenticated": false]])])
        #expect(await unknown.answer(HTTPQuestion(path: "/metrics", bearerToken: "t")).status == 401)
        let forbidden = self.answers([self.known, .json(["status": ["allowed": false]])])
        let answer = await forbidden.answer(HTTPQuestion(path: "/metrics", bearerToken: "t"))
        #expect(answer == HTTPAnswer(status: 403, text: "prometheus may not get /metrics\n"))
        let down = await self.answers([]).answer(HTTPQuestion(path: "/metrics", bearerToken: "t"))
        #expect(down.status == 503)
    }

    @Test("Without an authorizer everybody may read, and nothing else is there")
    func open() async {
        let answers = MetricsAnswers(self.registry, authorizer: nil)
        #expect(await answers.answer(HTTPQuestion(path: "/metrics")).status == 200)
        #expect(await answers.answer(HTTPQuestion(path: "/")).status == 404)
    }
}
