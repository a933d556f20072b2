internal import TodoAppAPI

/// The labels that children carry and are found by.
public enum ChildLabels {
    /// The label that a component's pods are selected by: its value is the name of the Deployment.
    public static let app = "app"
    /// The label that names the TodoApp.
    public static let instance = "app.kubernetes.io/instance"
    /// The label that names the component.
    public static let component = "app.kubernetes.io/component"
    /// The label that names the operator.
    public static let managedBy = "app.kubernetes.io/managed-by"
    /// The value of ``managedBy``.
    public static let manager = "todoapp-operator"

    /// What a Deployment selects its pods by.
    ///
    /// It can never be changed, so there is no more in it than must be.
    static func selector(of component: EffectiveComponent) -> [String: String] {
        [Self.app: component.childName]
    }

    /// The labels of a pod: the user's first, so that none can take the place of the operator's.
    ///
    /// The version is not among them, since a new label would restart pods that nothing else changes.
    static func podLabels(of app: EffectiveApp, component: EffectiveComponent) -> [String: String] {
        component.spec.podLabels.merging(Self.stable(of: app, component: component)) { $1 }
    }

    /// The labels of a child.
    static func labels(of app: EffectiveApp, component: EffectiveComponent?) -> [String: String] {
        var labels = Self.stable(of: app, component: component)
        if let version = component.flatMap({ versionLabel(ofImage: $0.image) }) {
            labels["app.kubernetes.io/version"] = version
        }
        return labels
    }

    private static func stable(of app: EffectiveApp, component: EffectiveComponent?) -> [String: String] {
        var labels = [
            "app.kubernetes.io/name": "todoapp",
            Self.instance: app.name,
            "app.kubernetes.io/part-of": app.name,
            Self.managedBy: Self.manager,
        ]
        if let component {
            labels[Self.app] = component.childName
            labels[Self.component] = component.name.rawValue
        }
        return labels
    }
}

/// The tag of an image, where it is one that a label can hold.
private func versionLabel(ofImage image: String) -> String? {
    guard let tag = ImageReference(image)?.tag, let first = tag.utf8.first, let last = tag.utf8.last else { return nil }
    // A tag has letters, digits and these; a label's value must not begin or end with one of them.
    let isEdge = { (byte: UInt8) in !"-_.".utf8.contains(byte) }
    return tag.utf8.count <= 63 && isEdge(first) && isEdge(last) ? tag : nil
}
