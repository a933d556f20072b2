internal import ArgumentParser
internal import CurlTransport
internal import HTTPTransport

/// Asks a running operator how it is: an image's health check has no other program to do so.
struct ProbeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe",
        abstract: "Asks a running operator whether it is well: exit code 0 if it is, 1 if it is not or does not answer."
    )

    /// As much of the answer as is printed.
    private static let answerLimit = 64 << 10

    @Option(help: "Where the operator serves its probes.")
    var server = "http://127.0.0.1:8081"

    @Option(help: "What is asked: /livez or /readyz, with ?verbose for a line for each check.")
    var path = "/livez"

    @Option(help: "How many seconds the answer may take.")
    var timeout = 3

    func validate() throws {
        guard self.path.hasPrefix("/") else { throw ValidationError("--path: must start with /") }
        guard (1...60).contains(self.timeout) else { throw ValidationError("--timeout: must be from 1 to 60") }
    }

    func run() async throws {
        let answer: (status: Int, text: String)
        do {
            answer = try await self.ask()
        } catch {
            throw CommandFailure(["\(self.server)\(self.path): \(error)"])
        }
        guard answer.status == 200 else {
            throw CommandFailure(["\(self.server)\(self.path): answers \(answer.status): \(answer.text)"])
        }
        StandardOutput.write(answer.text.hasSuffix("\n") ? answer.text : "\(answer.text)\n")
    }

    private func ask() async throws(HTTPTransportError) -> (status: Int, text: String) {
        let transport = try CurlTransport(configuration: CurlTransport.Configuration(server: self.server))
        do throws(HTTPTransportError) {
            let request = HTTPRequest(method: "GET", target: self.path, deadline: .within(.seconds(self.timeout)))
            let response = try await transport.send(request)
            let body = try await response.body.collect(limit: Self.answerLimit)
            await transport.close()
            return (response.status, String(decoding: body, as: UTF8.self))
        } catch {
            await transport.close()
            throw error
        }
    }
}
