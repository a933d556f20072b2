import ControllerRuntime
import Foundation
import JSON
import KubernetesAPI
import TodoAppAPI
import TodoAppOperator

/// How fast lists and watches are read, and what an object takes once it is stored.
struct Decode {
    private static let listBytes = 5 << 20
    /// As libcurl hands them over.
    private static let chunk = 16 << 10
    private static let rounds = 15

    func measure() throws -> Figures {
        var figures = try Figures("decode", apps: 0)
        let deployment = try Self.deployment()
        let count = Self.listBytes / deployment.bytes().count
        let items = (0..<count).map { number in
            var item = deployment
            item["metadata"]?["name"] = .string("app-\(number)-backend")
            return item
        }
        let list: JSONValue = [
            "kind": "DeploymentList", "apiVersion": "apps/v1", "metadata": ["resourceVersion": "1"],
            "items": .array(items),
        ]
        let listChunks = Self.cut(list.bytes())
        let watchChunks = Self.cut(
            items.flatMap { (["type": "MODIFIED", "object": $0] as JSONValue).bytes() + [UInt8(ascii: "\n")] }
        )
        let bytes = listChunks.reduce(0) { $0 + $1.count }
        figures.values["list MB"] = Double(bytes) / 1e6

        // A page is read object by object: what it takes is one object's tree, however many there are.
        let atRest = try Self.peakMiB(after: {})
        figures.values["list peak KiB"] =
            (try Self.peakMiB { try Self.readList(listChunks) { _ in } } - atRest) * 1024
        let listSeconds = try Self.fastest { try Self.readList(listChunks) { _ in } }
        figures.values["list MB/s"] = Double(bytes) / 1e6 / listSeconds
        let treeSeconds = try Self.fastest { try Self.readList(listChunks) { _ = $0.value } }
        figures.values["list as trees MB/s"] = Double(bytes) / 1e6 / treeSeconds
        let watchSeconds = try Self.fastest { try Self.readWatch(watchChunks) { _ in } }
        figures.values["watch MB/s"] = Double(watchChunks.reduce(0) { $0 + $1.count }) / 1e6 / watchSeconds
        figures.values["watch events/s"] = Double(count) / watchSeconds

        // What is held is bounded by the objects, not by the list: nothing of the page is kept.
        var (held, objects) = (0, 0)
        try Self.readList(listChunks) { object in
            held += object.kept.byteCount
            objects += 1
        }
        figures.values["held bytes an object"] = Double(held) / Double(objects)
        figures.values["sent bytes an object"] = Double(deployment.bytes().count)
        return figures
    }

    private static func readList(_ chunks: [[UInt8]], _ body: (DynamicObject) -> Void) throws {
        var splitter = JSONListSplitter()
        for chunk in chunks {
            splitter.append(chunk)
            while let item = try splitter.next() { body(try DynamicObject(parsing: item)) }
        }
    }

    private static func readWatch(_ chunks: [[UInt8]], _ body: (DynamicObject) -> Void) throws {
        var splitter = JSONLineSplitter()
        for chunk in chunks {
            splitter.append(chunk)
            while let line = try splitter.next() {
                guard let object = try JSONEnvelope(of: line, label: "type", content: "object").content else {
                    continue
                }
                body(try DynamicObject(parsing: object))
            }
        }
    }

    private static func fastest(_ body: () throws -> Void) throws -> Double {
        var best = Double.infinity
        for _ in 0..<Self.rounds {
            let start = ContinuousClock.now
            try body()
            best = min(best, seconds(ContinuousClock.now - start))
        }
        return best
    }

    private static func cut(_ bytes: [UInt8]) -> [[UInt8]] {
        stride(from: 0, to: bytes.count, by: Self.chunk).map { Array(bytes[$0..<min($0 + Self.chunk, bytes.count)]) }
    }

    /// The most that was resident while something was done.
    private static func peakMiB(after body: () throws -> Void) throws -> Double {
        // proc(5): 5 has the kernel begin anew with the peak.
        try Data("5".utf8).write(to: URL(filePath: "/proc/self/clear_refs"))
        try body()
        return try memoryMiB("VmHWM", of: "/proc/self")
    }

    /// A Deployment as the API server sends it, with the book of who owns which field.
    private static func deployment() throws -> JSONValue {
        let spec = try TodoAppSpec.read(Apps.manifest(0)["spec"] ?? .null, name: "app")
        let app = EffectiveApp(name: "app", namespace: "bench", spec: spec)
        let child = children(of: app, inputs: RenderInputs(ownerUID: RecordedWrites.uid)).first {
            $0.resource == .deployments
        }
        var deployment = child?.manifest ?? .null
        deployment["metadata"]?["uid"] = .string(RecordedWrites.uid)
        deployment["metadata"]?["resourceVersion"] = "123456"
        deployment["metadata"]?["creationTimestamp"] = "2026-01-01T00:00:00Z"
        let fields = Self.fields(of: deployment)
        deployment["metadata"]?["managedFields"] = [
            [
                "manager": "todoapp-operator", "operation": "Update", "apiVersion": "apps/v1",
                "time": "2026-01-01T00:00:00Z", "fieldsType": "FieldsV1", "fieldsV1": fields,
            ]
        ]
        deployment["status"] = ["observedGeneration": 1, "replicas": 2, "updatedReplicas": 2, "readyReplicas": 2]
        return deployment
    }

    private static func fields(of value: JSONValue) -> JSONValue {
        var fields: JSONValue = [:]
        for member in value.object ?? JSONObject() { fields["f:\(member.key)"] = Self.fields(of: member.value) }
        for (index, element) in (value.array ?? []).enumerated() { fields["k:\(index)"] = Self.fields(of: element) }
        return fields
    }
}
