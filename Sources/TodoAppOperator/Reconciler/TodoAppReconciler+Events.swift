internal import ControllerRuntime
internal import KubernetesAPI

extension TodoAppReconciler.Surroundings {
    /// Tells the user of a TodoApp what has happened to it.
    func tell(_ events: [AppEvent], of owner: ObjectMeta) {
        for event in events {
            self.tell(
                EventNote(
                    regarding: ObjectReference(
                        apiVersion: TodoAppObject.resource.apiVersion,
                        kind: TodoAppObject.resource.kind,
                        key: owner.key,
                        uid: owner.uid
                    ),
                    kind: event.kind,
                    reason: event.reason,
                    action: event.action.rawValue,
                    note: event.note
                )
            )
        }
    }
}
