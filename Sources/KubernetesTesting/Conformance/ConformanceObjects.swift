internal import JSON

private let maps = "/api/v1/namespaces/${ns}/configmaps"
private let widgetPath = "/apis/testing.example.com/v1/namespaces/${ns}/widgets"

private func map(_ name: String, _ data: JSONValue = ["a": "1"]) -> JSONValue {
    ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": .string(name)], "data": data]
}

func widget(_ name: String, _ more: JSONValue = ["spec": ["size": 1]]) -> JSONValue {
    var widget: JSONValue = [
        "apiVersion": "testing.example.com/v1", "kind": "Widget", "metadata": ["name": .string(name)],
    ]
    for member in more.object ?? JSONObject() { widget[member.key] = member.value }
    return widget
}

extension ConformanceScenario {
    /// Discovery, and objects that come into being.
    static let objects = [
        ConformanceScenario(
            "discovery says what is served",
            [
                .get("/version").has("major", "1").has("gitVersion", .present),
                .get("/api").has("kind", "APIVersions").has("versions", ["v1"]),
                .get("/apis").has("kind", "APIGroupList").has("groups", .present),
                .get("/apis/apps").has("kind", "APIGroup").has("name", "apps"),
                .get("/apis/apps/v1").has("kind", "APIResourceList").has("groupVersion", "apps/v1"),
                .get("/apis/nothing.example.com/v1").gets(404),
                .get("/api/v1/namespaces/${ns}/nothings").gets(404),
            ]
        ),
        ConformanceScenario(
            "an object that is created gets an identity and a version, and its name is taken",
            [
                .post(maps, map("a")).has("metadata.uid", .present).has("metadata.resourceVersion", .present)
                    .has("metadata.creationTimestamp", .present).has("metadata.namespace", "${ns}")
                    .has("metadata.generation", .absent).has("kind", "ConfigMap").keeps("uid", "metadata.uid"),
                .post(maps, map("a")).gets(409, "AlreadyExists").has("details.name", "a")
                    .has("details.kind", "configmaps"),
                .get("\(maps)/a").has("metadata.uid", "${uid}").has("data", ["a": "1"]),
                .get("\(maps)/b").gets(404, "NotFound").has("details.name", "b").has("details.kind", "configmaps")
                    .has("message", "configmaps \"b\" not found"),
            ]
        ),
        ConformanceScenario(
            "a name is generated where only its beginning is given",
            [
                .post(maps, ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["generateName": "some-"]])
                    .has("metadata.name", .containing("some-")).keeps("name", "metadata.name"),
                .get("\(maps)/${name}"),
                .post(maps, ["apiVersion": "v1", "kind": "ConfigMap", "metadata": [:]]).gets(422, "Invalid")
                    .has("details.causes.0.field", "metadata.name")
                    .has("details.causes.0.reason", "FieldValueRequired"),
            ]
        ),
        ConformanceScenario(
            "an object that does not fit its path is refused",
            [
                .post(
                    maps,
                    ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "a", "namespace": "default"]]
                ).gets(400, "BadRequest"),
                .post(maps, ["apiVersion": "v1", "kind": "Secret", "metadata": ["name": "a"]]).gets(400, "BadRequest"),
                .post("/api/v1/namespaces/not-there/configmaps", map("a")).gets(404, "NotFound")
                    .has("details.kind", "namespaces").has("details.name", "not-there"),
                .post("/api/v1/configmaps", map("a")).gets(405),
                .get("/api/v1/namespaces/not-there/configmaps").has("items", .count(0)),
            ]
        ),
        ConformanceScenario(
            "a rehearsal changes nothing",
            [
                .post("\(maps)?dryRun=All", map("a")).has("metadata.uid", .present),
                .get("\(maps)/a").gets(404, "NotFound"),
            ]
        ),
        ConformanceScenario(
            "a node port belongs to one Service",
            [
                .post(
                    "/api/v1/namespaces/${ns}/services",
                    [
                        "apiVersion": "v1", "kind": "Service", "metadata": ["name": "a"],
                        "spec": ["type": "NodePort", "ports": [["port": 80]]],
                    ]
                ).has("spec.ports.0.protocol", "TCP").has("spec.ports.0.targetPort", 80)
                    .has("spec.clusterIP", .present).keeps("port", "spec.ports.0.nodePort"),
                .post(
                    "/api/v1/namespaces/${ns}/services",
                    [
                        "apiVersion": "v1", "kind": "Service", "metadata": ["name": "b"],
                        "spec": ["type": "NodePort", "ports": [["port": 80, "nodePort": "${#port}"]]],
                    ]
                ).gets(422, "Invalid").has("message", .containing("provided port is already allocated")),
            ]
        ),
    ]

    /// Updates, generations and the status.
    static let updates = [
        ConformanceScenario(
            "an update must be made from the latest version",
            [
                .post(maps, map("a")).keeps("first", "metadata.resourceVersion").keeps("uid", "metadata.uid"),
                .put("\(maps)/a", versioned(map("a", ["a": "2"]), "${first}"))
                    .keeps("second", "metadata.resourceVersion").has("data", ["a": "2"]),
                .put("\(maps)/a", versioned(map("a", ["a": "3"]), "${first}")).gets(409, "Conflict")
                    .has("details.name", "a").has("details.kind", "configmaps"),
                .put("\(maps)/a", map("a", ["a": "2"])).has("metadata.resourceVersion", "${second}"),
                .put("\(maps)/a", map("a", ["a": "4"])).has("data", ["a": "4"]).has("metadata.uid", "${uid}"),
                .put("\(maps)/b", map("b")).gets(404, "NotFound"),
                .put("\(maps)/a", map("b")).gets(400, "BadRequest"),
            ]
        ),
        ConformanceScenario(
            "an update of a custom resource must name its version",
            [
                .post(widgetPath, widget("a")),
                .put("\(widgetPath)/a", widget("a", ["spec": ["size": 2]])).gets(422, "Invalid")
                    .has("details.causes.0.field", "metadata.resourceVersion"),
            ]
        ),
        ConformanceScenario(
            "a generation counts what is wanted, and the status has a door of its own",
            [
                .post(widgetPath, widget("a", ["spec": ["size": 1], "status": ["done": true]]))
                    .has("metadata.generation", 1).has("status", .absent),
                .merge("\(widgetPath)/a", ["metadata": ["labels": ["x": "y"]]]).has("metadata.generation", 1),
                .merge("\(widgetPath)/a", ["status": ["done": true]]).has("metadata.generation", 1)
                    .has("status", .absent),
                .merge("\(widgetPath)/a/status", ["status": ["done": true], "spec": ["size": 7]])
                    .has("metadata.generation", 1).has("status", ["done": true]).has("spec", ["size": 1]),
                .merge("\(widgetPath)/a", ["spec": ["size": 2]]).has("metadata.generation", 2)
                    .has("status", ["done": true]),
                .get("\(widgetPath)/a/status").has("spec", ["size": 2]),
                .get("\(maps)/a/status").gets(404),
            ]
        ),
    ]

    /// Merge patches and JSON patches.
    static let patches = [
        ConformanceScenario(
            "a merge patch changes what it names",
            [
                .post(maps, map("a", ["a": "1", "b": "2"])).keeps("first", "metadata.resourceVersion"),
                .merge("\(maps)/a", ["data": ["a": nil, "c": "3"]]).has("data", ["b": "2", "c": "3"])
                    .keeps("second", "metadata.resourceVersion"),
                .merge("\(maps)/a", ["data": ["c": "3"]]).has("metadata.resourceVersion", "${second}"),
                .merge("\(maps)/a", ["metadata": ["resourceVersion": "${first}"], "data": ["c": "4"]])
                    .gets(409, "Conflict"),
                .merge("\(maps)/b", ["data": ["c": "4"]]).gets(404, "NotFound"),
            ]
        ),
        ConformanceScenario(
            "a JSON patch is made whole or not at all",
            [
                .post(maps, map("a", ["a": "1"])),
                .patch(
                    "\(maps)/a",
                    [
                        ["op": "replace", "path": "/data/a", "value": "2"],
                        ["op": "test", "path": "/data/a", "value": "1"],
                    ]
                ).gets(422, "Invalid"),
                .get("\(maps)/a").has("data", ["a": "1"]),
                .patch("\(maps)/a", [["op": "remove", "path": "/data/b"]]).gets(422, "Invalid"),
                .patch(
                    "\(maps)/a",
                    [
                        ["op": "test", "path": "/data/a", "value": "1"],
                        ["op": "add", "path": "/data/b", "value": "2"],
                        ["op": "remove", "path": "/data/a"],
                    ]
                ).has("data", ["b": "2"]),
            ]
        ),
    ]
}

private func versioned(_ object: JSONValue, _ version: String) -> JSONValue {
    var object = object
    object["metadata"]?["resourceVersion"] = .string(version)
    return object
}
