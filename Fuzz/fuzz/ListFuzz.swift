internal import JSON

/// A list's bytes: cut into items as they come, they are the items of the document that they are as a whole.
enum ListFuzz {
    private enum Outcome: Equatable {
        case list(items: [[UInt8]], envelope: JSONValue)
        case failure(JSONListError, items: [[UInt8]])
    }

    static func take(_ bytes: [UInt8]) -> Int32 {
        let outcome = self.outcome(of: [bytes])
        require(outcome == self.outcome(of: pieces(of: bytes)), "cuts change nothing")
        if let document = try? JSONValue(parsing: bytes) {
            self.compare(outcome, with: document)
        }
        return 0
    }

    private static func outcome(of chunks: [[UInt8]]) -> Outcome {
        var splitter = JSONListSplitter()
        var items: [[UInt8]] = []
        do {
            for chunk in chunks {
                splitter.append(chunk)
                while let item = try splitter.next() {
                    items.append(Array(item))
                }
            }
            return .list(items: items, envelope: try splitter.finish())
        } catch {
            requireOneLine("\(error)")
            return .failure(error, items: items)
        }
    }

    private static func compare(_ outcome: Outcome, with document: JSONValue) {
        for style in [JSONStyle.compact, .pretty, .canonical] {
            let readBack = try? JSONValue(parsing: document.bytes(style))
            require(readBack == document, "what was read is written and read again")
        }
        switch outcome {
        case .list(let items, var envelope):
            var rest = document
            rest["items"] = nil
            envelope["items"] = nil
            require(rest == envelope, "the envelope is the document without its items")
            let values = items.compactMap { try? JSONValue(parsing: $0) }
            require(values == document["items"]?.array ?? [], "the items are whole")
        case .failure(.malformed("one list of items", _), _):
            break
        case .failure(let error, _):
            let isList = document["items"]?.array?.allSatisfy { $0.object != nil } ?? false
            require(!isList, "a list is read: \(error)")
        }
    }
}
