import ControllerRuntime
import Foundation
import JSON
import Testing
import YAML

/// `config/prometheus` against the metrics that there are, and against the page that explains it.
///
/// `hack/check-alerts` has Prometheus' own promtool check the rules, and that each fires when it should.
@Suite("Alerts and dashboard")
struct AlertTests {
    private struct Alert {
        var name: String
        var expression: String
        var duration: String
        var severity: String
        var annotations: JSONValue

        init(_ rule: JSONValue) throws {
            self.name = try #require(rule["alert"]?.string)
            self.expression = try #require(rule["expr"]?.string)
            self.duration = rule["for"]?.string ?? "–"
            self.severity = try #require(rule["labels"]?["severity"]?.string)
            self.annotations = try #require(rule["annotations"])
        }

        /// Its row in docs/metrics.md, where the job is left out.
        var row: String {
            let anchor = self.name.lowercased()
            let short = self.expression.replacing("{\(AlertTests.job)}", with: "").replacing(
                "\(AlertTests.job),",
                with: ""
            )
            .replacing("|", with: "\\|")
            let summary = self.annotations["summary"]?.string ?? ""
            let link = "[`\(self.name)`](troubleshooting.md#\(anchor))"
            return "| \(link) | `\(short)` | \(self.duration) | \(self.severity) | \(summary) |"
        }
    }

    /// By which Prometheus tells this operator's metrics from those of others.
    fileprivate static let job = "job=\"todoapp-operator\""

    private static func text(_ path: String) throws -> String {
        let root = URL(filePath: #filePath).pathComponents.dropLast(3).joined(separator: "/").dropFirst()
        return try String(contentsOfFile: "\(root)/\(path)", encoding: .utf8)
    }

    private static func alerts() throws -> [Alert] {
        let rule = try YAML.documents(in: Self.text("config/prometheus/alerts.yaml")).first?.value
        let groups = rule?["spec"]?["groups"]?.array ?? []
        return try groups.flatMap { try ($0["rules"]?.array ?? []).map(Alert.init) }
    }

    private static func dashboardExpressions() throws -> [String] {
        let dashboard = try JSONValue(parsing: Self.text("config/prometheus/dashboard.json"))
        let targets = (dashboard["panels"]?.array ?? []).flatMap { $0["targets"]?.array ?? [] }
        return try targets.map { try #require($0["expr"]?.string) }
    }

    /// All names under which Prometheus keeps the runtime's metrics.
    private static let series: Set<String> = {
        var names: Set<String> = ["up"]
        for metric in MetricDescription.runtime {
            names.insert(metric.name)
            guard case .histogram = metric.kind else { continue }
            names.formUnion(["_bucket", "_count", "_sum"].map { metric.name + $0 })
        }
        return names
    }()

    /// What is wrong with an expression: a metric that there is not, a label that it has not, or one that is not of the job.
    private static func complaints(_ expression: String, job: String) -> [String] {
        var complaints: [String] = []
        var rest = expression
        for match in expression.matches(of: /([a-z_]+)\{([^}]*)\}/) {
            let (name, selector) = (String(match.output.1), String(match.output.2))
            if !Self.series.contains(name) { complaints.append("no such metric: \(name)") }
            if !selector.hasPrefix(job) { complaints.append("\(name) is not asked for by its job") }
            let metric = MetricDescription.runtime.first { name.hasPrefix($0.name) }
            for label in selector.matches(of: /([a-z_]+)(=|!=|=~|!~)"/).map({ String($0.output.1) })
            where label != "job" {
                if metric?.labels.contains(label) != true { complaints.append("\(name) has no label \(label)") }
            }
            rest = rest.replacing(match.output.0, with: "")
        }
        for word in rest.matches(of: /[a-z]+_[a-z_]+/).map({ String($0.output) }) where Self.series.contains(word) {
            complaints.append("\(word) is asked for without its job")
        }
        return complaints
    }

    @Test("Every metric in alerts and dashboard is one of this operator, and asked for as such")
    func metrics() throws {
        let alerts = try Self.alerts()
        #expect(alerts.count >= 10)
        for alert in alerts {
            #expect(Self.complaints(alert.expression, job: Self.job) == [], "\(alert.name)")
        }
        let expressions = try Self.dashboardExpressions()
        #expect(expressions.count >= 20)
        for expression in expressions {
            #expect(Self.complaints(expression, job: "job=\"$job\"") == [], "\(expression)")
        }
    }

    @Test("Every metric is on the dashboard, but for the versions, which say nothing to people")
    func dashboard() throws {
        let expressions = try Self.dashboardExpressions()
        let missing = MetricDescription.runtime.map(\.name).filter { name in
            !expressions.contains { $0.contains("\(name){") || $0.contains("\(name)_bucket{") }
        }
        #expect(missing == ["store_resource_version"])
    }

    @Test("docs/metrics.md shows the alerts as they are, and nothing that is none")
    func table() throws {
        let rows = try Self.text("docs/metrics.md").split(separator: "\n").map(String.init)
            .filter { $0.hasPrefix("| [`") }
        let wanted = try Self.alerts().map(\.row)
        for row in wanted where !rows.contains(row) {
            Issue.record("missing in docs/metrics.md: \(row)")
        }
        #expect(rows.count == wanted.count)
    }

    @Test("Every alert leads to its section, which says what to do, and every link in these leads somewhere")
    func runbooks() throws {
        let page = try Self.text("docs/troubleshooting.md")
        for alert in try Self.alerts() {
            #expect(alert.annotations["runbook"]?.string == "docs/troubleshooting.md#\(alert.name.lowercased())")
            let parts = page.split(separator: "\n### \(alert.name)\n")
            try #require(parts.count == 2, "docs/troubleshooting.md has no section \(alert.name)")
            let section = parts[1].prefix(upTo: parts[1].firstRange(of: "\n### ")?.lowerBound ?? parts[1].endIndex)
            #expect(section.contains("\nDo:"), "\(alert.name)")
        }
        for link in page.matches(of: /\]\(([a-z-]*\.md)?#([a-z-]*)\)/) {
            let target = try link.output.1.map { try Self.text("docs/\($0)") } ?? page
            #expect(Self.anchors(in: target).contains(String(link.output.2)), "\(link.output.0)")
        }
    }

    private static func anchors(in page: String) -> [String] {
        page.split(separator: "\n").filter { $0.hasPrefix("##") }.map { line in
            line.drop { $0 == "#" || $0 == " " }.lowercased().replacing(" ", with: "-").filter { $0 != "," }
        }
    }

    @Test("What is scraped is the metrics' Service, and its job is the one that alerts ask for")
    func scraped() throws {
        let monitor = try YAML.documents(in: Self.text("config/prometheus/service_monitor.yaml")).first?.value
        let service = try YAML.documents(in: Self.text("config/manager/metrics_service.yaml")).first?.value
        let labels = try #require(service?["metadata"]?["labels"])
        #expect(monitor?["spec"]?["selector"]?["matchLabels"] == labels)
        #expect(monitor?["spec"]?["endpoints"]?[0]?["port"] == service?["spec"]?["ports"]?[0]?["name"])
        let label = try #require(monitor?["spec"]?["jobLabel"]?.string)
        #expect(labels[label]?.string.map { "job=\"\($0)\"" } == Self.job)
    }
}
