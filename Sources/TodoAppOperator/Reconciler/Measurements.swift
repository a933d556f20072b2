internal import ControllerRuntime
internal import JSON
internal import KubernetesAPI
internal import Locks
internal import TodoAppAPI

/// What is measured of an app beside what its objects say: how large its images are, and how long its pods took to start.
///
/// A start-up time can be read off the pods only until one of them loses its readiness for the first time, so it is
/// remembered; over a restart of the operator by the TodoApp's status.
final class Measurements: Sendable {
    private let images: ImageSizes
    private let startups = Locked<[ObjectKey: [ComponentName: StartupTime]]>([:])

    init(images: ImageSizes) {
        self.images = images
    }

    /// Adds to observations what was measured.
    ///
    /// - Returns: When to measure again, if that may help soon.
    func add(to observations: inout [ComponentObservation], of object: TodoAppObject) async -> Duration? {
        let remembered = self.startups.withLock { $0[object.metadata.key] }
        var again: Duration?
        for index in observations.indices {
            let name = observations[index].name
            observations[index].startup = remembered?[name] ?? StartupTime(of: name, in: object.status)
            guard let (image, node) = observations[index].runningImage else { continue }
            let (size, later) = await self.images.size(of: image, on: node)
            observations[index].imageSize = size
            again = [again, later].compactMap { $0 }.min()
        }
        return again
    }

    /// Remembers what was read off the pods.
    func note(_ components: [ComponentStatus], of app: ObjectKey) {
        self.startups.withLock { startups in
            for component in components {
                guard let seconds = component.startupSeconds else { continue }
                startups[app, default: [:]][component.name] = StartupTime(
                    revision: component.revision,
                    seconds: seconds
                )
            }
        }
    }

    /// Forgets an app that is gone.
    func forget(_ app: ObjectKey) {
        self.startups.withLock { $0[app] = nil }
    }
}

extension StartupTime {
    /// What the status says of a component.
    fileprivate init?(of component: ComponentName, in status: JSONValue?) {
        let component = status?["components"]?[component.rawValue]
        guard let revision = component?["revision"]?.string, let seconds = component?["startupSeconds"]?.integer else {
            return nil
        }
        self.init(revision: revision, seconds: seconds)
    }
}

extension ComponentObservation {
    /// The image of the current revision where it is, and the node.
    fileprivate var runningImage: (ImageSizes.RunningImage, String)? {
        let current = self.currentReplicaSet?.metadata.uid
        for pod in self.pods where !pod.isOver && pod.metadata.controller?.uid == current && !pod.nodeName.isEmpty {
            if let status = pod.containers.first(where: { !$0.imageID.isEmpty }) {
                return (ImageSizes.RunningImage(name: status.image, id: status.imageID), pod.nodeName)
            }
        }
        return nil
    }
}
