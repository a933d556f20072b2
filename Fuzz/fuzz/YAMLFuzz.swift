internal import JSON
internal import YAML

/// A YAML stream: what is read is written and read again, as YAML and as JSON, and every part has its place.
enum YAMLFuzz {
    static func take(_ bytes: [UInt8]) -> Int32 {
        do throws(YAMLError) {
            let documents = try YAML.documents(in: bytes)
            for document in documents {
                self.check(document)
            }
            let values = documents.map(\.value)
            self.requireEqual(YAML.text(ofDocuments: values), values)
        } catch {
            requireOneLine("\(error)")
            require(error.location.line >= 1 && error.location.column >= 1, "lines and columns count from 1")
        }
        return 0
    }

    private static func check(_ document: YAMLDocument) {
        let value = document.value
        require((try? JSONValue(parsing: value.bytes())) == value, "what was read is written as JSON and read again")
        for member in value.object ?? JSONObject() {
            let location = document.location(of: JSONPath([.member(member.key)]))
            require((location?.line ?? 0) >= document.firstLine, "a member has its place")
        }
    }

    private static func requireEqual(_ text: String, _ values: [JSONValue]) {
        do throws(YAMLError) {
            let readBack = try YAML.documents(in: text).map(\.value)
            // A document of nothing but `null` reads back as one, one without content not at all.
            require(readBack == values, "what was read is written and read again:\n\(text)")
        } catch {
            // A few aliases stand for more than may be written out.
            if case .limit = error { return }
            require(false, "what was written is read: \(error):\n\(text)")
        }
    }
}
