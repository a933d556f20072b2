internal import JSON
internal import KubernetesAPI

@testable internal import KubernetesClient

/// A watch's bytes: the same events come out wherever the chunks are cut, and the same error ends them.
enum WatchFuzz {
    private struct Outcome: Equatable {
        var events: [WatchEvent] = []
        var end: KubernetesClientError.Cause?
    }

    static func take(_ bytes: [UInt8]) -> Int32 {
        let whole = self.outcome(of: [bytes])
        require(whole == self.outcome(of: pieces(of: bytes)), "cuts change nothing")
        for event in whole.events {
            switch event {
            case .added(let object), .modified(let object), .deleted(let object): self.read(object.value)
            case .failed(let status): requireOneLine("\(status)")
            case .bookmark: break
            }
        }
        return 0
    }

    private static func outcome(of chunks: [[UInt8]]) -> Outcome {
        var outcome = Outcome()
        var decoder = WatchDecoder()
        for chunk in chunks {
            decoder.append(chunk)
            do {
                while let event = try decoder.next() {
                    outcome.events.append(event)
                }
            } catch {
                requireOneLine("\(error)")
                outcome.end = error
                break
            }
        }
        return outcome
    }

    /// What informers do with an object.
    private static func read(_ object: JSONValue) {
        require((try? JSONValue(parsing: object.bytes())) == object, "what was read is written and read again")
        do throws(ObjectReadError) {
            _ = try DynamicObject(json: object)
            _ = try Pod(json: object)
            _ = try ReplicaSet(json: object)
            _ = try PodEvent(json: object)
        } catch {
            requireOneLine("\(error)")
        }
    }
}
