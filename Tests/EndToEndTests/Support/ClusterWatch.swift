import Foundation
import JSON
import Synchronization

/// Everything that happens in the cluster, heard from `kubectl get --watch`: one stream for each kind, all kept.
///
/// The tests ask this memory and not the API server, so that they can ask every few milliseconds.
final class ClusterWatch: Sendable {
    private struct Key: Hashable {
        var kind: WatchedKind
        var namespace: String
        var name: String
    }

    private struct State {
        var histories: [Key: [ObjectEvent]] = [:]
        var streams: [LineStream] = []
    }

    private let state = Mutex(State())

    /// Starts to watch; the kinds must be served already.
    init(kubeconfig: String) throws {
        for kind in WatchedKind.allCases {
            let stream = try LineStream(
                "kubectl",
                [
                    "--kubeconfig", kubeconfig, "get", kind.rawValue, "--all-namespaces",
                    "--watch", "--output-watch-events", "--output", "json",
                ],
                line: { [weak self] in self?.hear($0, of: kind) }
            )
            self.state.withLock { $0.streams.append(stream) }
        }
    }

    /// Ends the streams.
    func stop() {
        for stream in self.state.withLock({ $0.streams }) {
            stream.stop()
        }
    }

    private func hear(_ line: [UInt8], of kind: WatchedKind) {
        let time = ContinuousClock.now
        guard let event = try? JSONValue(parsing: line), let object = event["object"] else { return }
        let heard = ObjectEvent(kind: kind, time: time, isDeletion: event["type"] == "DELETED", object: object)
        let key = Key(kind: kind, namespace: object.namespace, name: object.name)
        self.state.withLock { $0.histories[key, default: []].append(heard) }
    }
}

// MARK: - Asking

extension ClusterWatch {
    /// What happened to an object.
    func history(_ kind: WatchedKind, _ namespace: String, _ name: String) -> [ObjectEvent] {
        self.state.withLock { $0.histories[Key(kind: kind, namespace: namespace, name: name)] ?? [] }
    }

    /// What happened to all objects of a kind in a namespace, each by itself.
    func histories(_ kind: WatchedKind, _ namespace: String) -> [[ObjectEvent]] {
        self.state.withLock { state in
            state.histories.filter { $0.key.kind == kind && $0.key.namespace == namespace }.map(\.value)
        }
    }

    /// What happened to all objects of a kind anywhere, each by itself.
    func histories(_ kind: WatchedKind) -> [[ObjectEvent]] {
        self.state.withLock { state in state.histories.filter { $0.key.kind == kind }.map(\.value) }
    }

    /// An object as it is now.
    func object(_ kind: WatchedKind, _ namespace: String, _ name: String) -> JSONValue? {
        self.history(kind, namespace, name).object(at: .max)
    }

    /// The objects of a kind in a namespace as they are now, or were at a revision.
    func objects(_ kind: WatchedKind, _ namespace: String, at revision: Int = .max) -> [JSONValue] {
        self.histories(kind, namespace).compactMap { $0.object(at: revision) }
    }
}
