internal import JSON

private let maps = "/api/v1/namespaces/${ns}/configmaps"
private let widgetPath = "/apis/testing.example.com/v1/namespaces/${ns}/widgets"

private func map(_ name: String, _ metadata: JSONValue = [:]) -> JSONValue {
    var map: JSONValue = ["apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata]
    map["metadata"]?["name"] = .string(name)
    return map
}

private func owned(_ name: String, by owners: (name: String, uid: String)...) -> JSONValue {
    map(
        name,
        [
            "ownerReferences": .array(
                owners.map { owner in
                    [
                        "apiVersion": "v1", "kind": "ConfigMap", "name": .string(owner.name),
                        "uid": .string(owner.uid), "blockOwnerDeletion": true,
                    ]
                }
            )
        ]
    )
}

extension ConformanceScenario {
    /// Deletions, finalizers, garbage and namespaces.
    static let deletions = [
        ConformanceScenario(
            "an object that is deleted is gone, and its name is free",
            [
                .post(maps, map("a")).keeps("uid", "metadata.uid"),
                .delete("\(maps)/a").has("kind", "Status").has("status", "Success").has("details.name", "a")
                    .has("details.uid", "${uid}"),
                .delete("\(maps)/a").gets(404, "NotFound"),
                .post(maps, map("a")),
            ]
        ),
        ConformanceScenario(
            "a deletion is bound to the identity and the version that it names",
            [
                .post(maps, map("a")).keeps("uid", "metadata.uid").keeps("version", "metadata.resourceVersion"),
                .delete("\(maps)/a", ["preconditions": ["uid": "00000000-0000-4000-a000-000000000000"]])
                    .gets(409, "Conflict"),
                .delete("\(maps)/a", ["preconditions": ["resourceVersion": "1"]]).gets(409, "Conflict"),
                .delete("\(maps)/a", ["preconditions": ["uid": "${uid}", "resourceVersion": "${version}"]]),
            ]
        ),
        ConformanceScenario(
            "an object with a finalizer stays until that is taken away",
            [
                .post(widgetPath, widget("a", ["metadata": ["name": "a", "finalizers": ["example.com/x"]]])),
                .delete("\(widgetPath)/a").has("kind", "Widget").has("metadata.deletionTimestamp", .present)
                    .has("metadata.finalizers", ["example.com/x"]),
                .get("\(widgetPath)/a").has("metadata.deletionTimestamp", .present).has("metadata.generation", 2),
                .merge("\(widgetPath)/a", ["metadata": ["finalizers": ["example.com/x", "example.com/y"]]])
                    .gets(422, "Invalid"),
                .merge("\(widgetPath)/a", ["metadata": ["finalizers": []]]),
                .get("\(widgetPath)/a").gets(404, "NotFound"),
            ]
        ),
        ConformanceScenario(
            "what an object owns goes with it",
            needs: [.controllers],
            [
                .post(maps, map("owner")).keeps("uid", "metadata.uid"),
                .post(maps, map("other")).keeps("second", "metadata.uid"),
                .post(maps, owned("a", by: ("owner", "${uid}"))),
                .post(maps, owned("b", by: ("owner", "${uid}"), ("other", "${second}"))),
                .delete("\(maps)/owner", ["propagationPolicy": "Background"]),
                .get("\(maps)/a").gets(404, "NotFound").eventually,
                .get("\(maps)/b").has("metadata.ownerReferences", .count(1)).eventually,
            ]
        ),
        ConformanceScenario(
            "orphans stay, and forget their owner",
            needs: [.controllers],
            [
                .post(maps, map("owner")).keeps("uid", "metadata.uid"),
                .post(maps, owned("a", by: ("owner", "${uid}"))),
                .delete("\(maps)/owner", ["propagationPolicy": "Orphan"]),
                .get("\(maps)/owner").gets(404, "NotFound").eventually,
                .get("\(maps)/a").has("metadata.ownerReferences", .absent),
            ]
        ),
        ConformanceScenario(
            "an owner that is deleted in the foreground waits for what it owns",
            needs: [.controllers],
            [
                .post(maps, map("owner")).keeps("uid", "metadata.uid"),
                .post(maps, finalized(owned("a", by: ("owner", "${uid}")))),
                .delete("\(maps)/owner", ["propagationPolicy": "Foreground"])
                    .has("metadata.finalizers", ["foregroundDeletion"]),
                .get("\(maps)/a").has("metadata.deletionTimestamp", .present).eventually,
                .get("\(maps)/owner").has("metadata.deletionTimestamp", .present),
                .merge("\(maps)/a", ["metadata": ["finalizers": nil]]),
                .get("\(maps)/owner").gets(404, "NotFound").eventually,
            ]
        ),
        ConformanceScenario(
            "an object whose owner is not there does not stay",
            needs: [.controllers],
            [
                .post(maps, owned("a", by: ("nobody", "00000000-0000-4000-a000-000000000000"))),
                .get("\(maps)/a").gets(404, "NotFound").eventually,
            ]
        ),
        ConformanceScenario(
            "nothing comes into a namespace that terminates",
            needs: [.controllers],
            [
                .post(
                    "/api/v1/namespaces",
                    ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "${ns}-end"]]
                ).has("status.phase", "Active"),
                .post(
                    "/api/v1/namespaces/${ns}-end/configmaps",
                    map("a", ["finalizers": ["example.com/x"]])
                ),
                .delete("/api/v1/namespaces/${ns}-end"),
                .post("/api/v1/namespaces/${ns}-end/configmaps", map("b")).gets(403, "Forbidden")
                    .has("details.causes.0.reason", "NamespaceTerminating")
                    .has("message", .containing("because it is being terminated")),
                .get("/api/v1/namespaces/${ns}-end/configmaps/a").has("metadata.deletionTimestamp", .present)
                    .eventually,
                .merge(
                    "/api/v1/namespaces/${ns}-end/configmaps/a",
                    ["metadata": ["finalizers": nil]]
                ),
                .get("/api/v1/namespaces/${ns}-end").gets(404, "NotFound").eventually,
            ]
        ),
    ]
}

private func finalized(_ object: JSONValue) -> JSONValue {
    var object = object
    object["metadata"]?["finalizers"] = ["example.com/x"]
    return object
}
