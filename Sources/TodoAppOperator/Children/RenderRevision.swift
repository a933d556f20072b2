/// Which way the children are rendered: two versions of the operator with the same revision make the same children of the same
/// TodoApp, byte by byte, so that to go from one to the other restarts no pod.
///
/// Whoever changes what is rendered raises it and says so in CHANGELOG.md, since all pods are replaced by such an upgrade. The
/// golden files of each revision lie in a folder of their own; `hack/check-renders` holds those of a release against the
/// release before.
public let renderRevision = 1
