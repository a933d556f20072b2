internal import HTTPTransport
internal import JSON

/// Goes through the steps of a scenario, and keeps what later steps refer to.
struct ConformanceRun {
    let endpoint: ConformanceEndpoint
    var variables: [String: String]

    /// Performs a step.
    ///
    /// - Returns: What was not as expected.
    mutating func perform(_ step: ConformanceStep) async throws(HTTPTransportError) -> [String] {
        if step.compactsBefore { await self.endpoint.compact() }
        let end = ContinuousClock.now + .seconds(20)
        while true {
            let complaints = try await self.attempt(step)
            guard step.isPatient, !complaints.isEmpty, ContinuousClock.now < end else { return complaints }
            do {
                try await Task.sleep(for: .milliseconds(50))
            } catch {
                throw .cancelled
            }
        }
    }

    private mutating func attempt(_ step: ConformanceStep) async throws(HTTPTransportError) -> [String] {
        let response = try await self.send(step)
        if !step.events.isEmpty, response.status == 200 {
            return try await self.compare(step, with: response.body)
        }
        let bytes = try await response.body.collect(limit: 16 << 20)
        // Some answers of the server are no JSON: health, for one.
        let json = (try? JSONValue(parsing: bytes)) ?? .null
        guard response.status == step.code else {
            let message = json["message"]?.string ?? ""
            return ["expected \(step.code), got \(response.status) \(json["reason"]?.string ?? ""): \(message)"]
        }
        var complaints: [String] = []
        if !step.reason.isEmpty {
            if json["reason"]?.string != step.reason {
                complaints.append("expected the reason \(step.reason), got \(json["reason"]?.string ?? "none")")
            }
            if json["kind"]?.string != "Status" || json["code"] != JSONValue(step.code) {
                complaints.append("expected a Status of \(step.code), got \(json.text())")
            }
        }
        complaints += self.complaints(about: json, step)
        return complaints
    }

    private func send(_ step: ConformanceStep) async throws(HTTPTransportError) -> HTTPResponse {
        var headers = [(name: "Accept", value: step.accept), (name: "User-Agent", value: "conformance/1")]
        do {
            headers += try await self.endpoint.headers()
        } catch {
            throw .invalidRequest("no credential: \(error)")
        }
        if step.body != nil { headers.append((name: "Content-Type", value: step.contentType)) }
        return try await self.endpoint.transport.send(
            HTTPRequest(
                method: step.method,
                target: self.filled(step.path),
                headers: headers,
                body: step.body.map { self.filled($0).bytes() },
                deadline: step.events.isEmpty ? .within(.seconds(30)) : .stream(idle: .seconds(15))
            )
        )
    }

    // MARK: Answers

    private mutating func complaints(about json: JSONValue, _ step: ConformanceStep) -> [String] {
        var complaints: [String] = []
        for (place, expectation) in step.expectations {
            let found = json.at(place)
            guard let complaint = self.complaint(about: found ?? .null, expectation) else { continue }
            complaints.append("\(place): \(complaint)")
        }
        for (variable, place) in step.kept {
            switch json.at(place) {
            case .string(let text): self.variables[variable] = text
            case let value?: self.variables[variable] = value.text()
            case nil: complaints.append("\(place): nothing to keep")
            }
        }
        return complaints
    }

    private func complaint(about found: JSONValue, _ expectation: ConformanceStep.Expectation) -> String? {
        switch expectation {
        case .equal(let wanted):
            let wanted = self.filled(wanted)
            return found == wanted ? nil : "expected \(wanted.text()), got \(found.text())"
        case .present:
            return found.isNull ? "expected something" : nil
        case .absent:
            // An empty text says as much as none: servers differ in which they write.
            return found.isNull || found == "" ? nil : "expected nothing, got \(found.text())"
        case .count(let wanted):
            let count = found.array?.count ?? 0
            return count == wanted ? nil : "expected \(wanted) elements, got \(count)"
        case .containing(let part):
            return found.string?.contains(self.filled(part)) == true ? nil : "no \"\(part)\" in \(found.text())"
        case .owned(let manager, let operation, let path, let isOwned):
            let fields = Self.fields(of: manager, operation, in: found)
            let isThere = path.reduce(fields) { $0?[$1] } != nil
            return isThere == isOwned
                ? nil : "expected \(manager) (\(operation)) \(isOwned ? "" : "not ")to own \(path), got \(found.text())"
        case .applied(let manager, let wanted):
            let fields = Self.fields(of: manager, "Apply", in: found) ?? .null
            return fields == wanted ? nil : "expected \(manager) to own \(wanted.text()), got \(fields.text())"
        }
    }

    private static func fields(of manager: String, _ operation: String, in books: JSONValue) -> JSONValue? {
        books.array?.first { $0["manager"]?.string == manager && $0["operation"]?.string == operation }?["fieldsV1"]
    }

    // MARK: Watches

    private func compare(_ step: ConformanceStep, with body: HTTPBody) async throws(HTTPTransportError) -> [String] {
        var lines = JSONLineSplitter()
        var seen: [ConformanceStep.Event] = []
        while seen.count < step.events.count, let chunk = try await body.next() {
            lines.append(chunk)
            while let line = try? lines.next(), let event = try? JSONValue(parsing: line) {
                let object = event["object"]
                let name = object?["metadata"]?["name"]?.string ?? object?["reason"]?.string ?? ""
                let isBookmark = event["type"]?.string == "BOOKMARK"
                let ends = object?["metadata"]?["annotations"]?["k8s.io/initial-events-end"] != nil
                // A bookmark may come at any time; only the one that ends the initial events is expected.
                if isBookmark, !ends { continue }
                seen.append(ConformanceStep.Event(event["type"]?.string ?? "", name))
            }
        }
        return seen == step.events ? [] : ["expected the events \(step.events), got \(seen)"]
    }

    // MARK: Variables

    private func filled(_ text: String) -> String {
        var filled = text
        for (name, value) in self.variables {
            guard filled.contains("${\(name)}") else { continue }
            filled = filled.split(separator: "${\(name)}", omittingEmptySubsequences: false).joined(separator: value)
        }
        return filled
    }

    /// `${#port}` is what was kept as `port`, as a number.
    private func number(_ text: String) -> JSONValue {
        let name = String(text.dropFirst(3).dropLast())
        return self.variables[name].flatMap { Int64($0) }.map(JSONValue.integer) ?? .string(text)
    }

    private func filled(_ value: JSONValue) -> JSONValue {
        switch value {
        case .string(let text) where text.hasPrefix("${#"):
            self.number(text)
        case .string(let text):
            .string(self.filled(text))
        case .array(let elements):
            .array(elements.map { self.filled($0) })
        case .object(let members):
            .object(
                JSONObject(uniqueMembers: members.map { .init(key: $0.key, value: self.filled($0.value)) })
            )
        default:
            value
        }
    }
}

extension JSONValue {
    /// What is at a place such as `items.0.metadata.name`; nothing for `null`.
    fileprivate func at(_ place: String) -> JSONValue? {
        var current: JSONValue? = self
        for step in place.split(separator: ".") {
            current = Int(step).flatMap { current?[$0] } ?? current?[String(step)]
        }
        return current == .null ? nil : current
    }
}
