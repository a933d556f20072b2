internal import JSON

private let maps = "/api/v1/namespaces/${ns}/configmaps"
private let widgetPath = "/apis/testing.example.com/v1/namespaces/${ns}/widgets"
private let deployments = "/apis/apps/v1/namespaces/${ns}/deployments"

private func map(_ data: JSONValue?, _ metadata: JSONValue = [:]) -> JSONValue {
    var map: JSONValue = ["apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata]
    map["data"] = data
    map["metadata"]?["name"] = "a"
    return map
}

private func deployment(_ container: JSONValue...) -> JSONValue {
    [
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": "a"],
        "spec": [
            "replicas": 0, "selector": ["matchLabels": ["app": "a"]],
            "template": ["metadata": ["labels": ["app": "a"]], "spec": ["containers": .array(container)]],
        ],
    ]
}

private let containers = "spec.template.spec.containers"

extension ConformanceScenario {
    /// Server-side apply, and whose fields are whose.
    static let applies = [
        ConformanceScenario(
            "an apply creates, owns exactly what it names, and says nothing twice",
            [
                .apply("\(maps)/a", by: "one", map(["x": "1"], ["labels": ["l": "v"]])).gets(201)
                    .has(
                        "metadata.managedFields",
                        .applied(
                            by: "one",
                            ["f:data": ["f:x": [:]], "f:metadata": ["f:labels": ["f:l": [:]]]]
                        )
                    ).keeps("version", "metadata.resourceVersion"),
                .apply("\(maps)/a", by: "one", map(["x": "1"], ["labels": ["l": "v"]]))
                    .has("metadata.resourceVersion", "${version}"),
                .apply("\(maps)/a", by: "one", map(["y": "2"])).has("data", ["y": "2"])
                    .has("metadata.labels", .absent)
                    .has("metadata.managedFields", .applied(by: "one", ["f:data": ["f:y": [:]]])),
            ]
        ),
        ConformanceScenario(
            "an apply against another owner is refused, unless it is forced",
            [
                .apply("\(maps)/a", by: "one", map(["x": "1", "y": "1"])).gets(201),
                .apply("\(maps)/a", by: "two", map(["x": "2"])).gets(409, "Conflict")
                    .has("details.causes.0.reason", "FieldManagerConflict").has("details.causes.0.field", ".data.x")
                    .has("details.causes.0.message", .containing("conflict with \"one\"")),
                .apply("\(maps)/a", by: "two", force: true, map(["x": "2"])).has("data", ["x": "2", "y": "1"])
                    .has("metadata.managedFields", .applied(by: "two", ["f:data": ["f:x": [:]]]))
                    .has("metadata.managedFields", .applied(by: "one", ["f:data": ["f:y": [:]]])),
                .apply("\(maps)/a", by: "one", map(["y": "1"])).has("data", ["x": "2", "y": "1"]),
            ]
        ),
        ConformanceScenario(
            "a field that two own stays until the last one lets go",
            [
                .apply("\(maps)/a", by: "one", map(["x": "1"])).gets(201),
                .apply("\(maps)/a", by: "two", map(["x": "1", "y": "1"])),
                .apply("\(maps)/a", by: "one", map(["z": "1"])).has("data", ["x": "1", "y": "1", "z": "1"]),
                .apply("\(maps)/a", by: "two", map(["y": "1"])).has("data", ["y": "1", "z": "1"]),
            ]
        ),
        ConformanceScenario(
            "a plain write takes fields from whom applied them",
            [
                .apply("\(maps)/a", by: "one", map(["x": "1", "y": "1"])).gets(201),
                .merge("\(maps)/a?fieldManager=editor", ["data": ["x": "2"]])
                    .has("metadata.managedFields", .applied(by: "one", ["f:data": ["f:y": [:]]]))
                    .has(
                        "metadata.managedFields",
                        .owned(by: "editor", operation: "Update", path: ["f:data", "f:x"], true)
                    ),
                .apply("\(maps)/a", by: "one", map(["y": "1"])).has("data", ["x": "2", "y": "1"]),
            ]
        ),
        ConformanceScenario(
            "what was created by a plain write is not taken back by an apply, until its entry is turned into one",
            [
                .post("\(maps)?fieldManager=one", map(["x": "1", "y": "1"]))
                    .has(
                        "metadata.managedFields",
                        .owned(by: "one", operation: "Update", path: ["f:data", "f:x"], true)
                    ),
                .apply("\(maps)/a", by: "one", map(["x": "1"])).has("data", ["x": "1", "y": "1"]),
                .post("\(maps)?fieldManager=one", renamed(map(["x": "1", "y": "1"]))),
                .patch(
                    "\(maps)/b?fieldManager=one",
                    [
                        ["op": "test", "path": "/metadata/managedFields/0/operation", "value": "Update"],
                        ["op": "replace", "path": "/metadata/managedFields/0/operation", "value": "Apply"],
                    ]
                ),
                .apply("\(maps)/b", by: "one", renamed(map(["x": "1"]))).has("data", ["x": "1"]),
            ]
        ),
        ConformanceScenario(
            "elements of lists with keys have owners of their own",
            [
                .apply(
                    "\(deployments)/a",
                    by: "one",
                    deployment([
                        "name": "c", "image": "example.com/c:1",
                        "env": [["name": "A", "value": "1"], ["name": "B", "value": "1"]],
                        "ports": [["containerPort": 80, "protocol": "TCP"]],
                    ])
                ).gets(201).has("\(containers).0.env", .count(2)).has("metadata.generation", 1),
                .apply(
                    "\(deployments)/a",
                    by: "two",
                    [
                        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": "a"],
                        "spec": [
                            "template": [
                                "spec": ["containers": [["name": "c", "env": [["name": "C", "value": "1"]]]]]
                            ]
                        ],
                    ]
                ).has("\(containers).0.env", .count(3)),
                .apply(
                    "\(deployments)/a",
                    by: "one",
                    deployment(["name": "c", "image": "example.com/c:1", "env": [["name": "B", "value": "2"]]])
                ).has("\(containers).0.env", .count(2)).has("\(containers).0.ports", .absent)
                    .has(
                        "metadata.managedFields",
                        .owned(
                            by: "one",
                            operation: "Apply",
                            path: [
                                "f:spec", "f:template", "f:spec", "f:containers", "k:{\"name\":\"c\"}", "f:env",
                                "k:{\"name\":\"B\"}", "f:value",
                            ],
                            true
                        )
                    ),
            ]
        ),
        ConformanceScenario(
            "an apply is bound to the identity that it names",
            [
                .apply("\(maps)/a", by: "one", map(["x": "1"], ["uid": "00000000-0000-4000-a000-000000000000"]))
                    .gets(409, "Conflict"),
                .get("\(maps)/a").gets(404, "NotFound"),
                .post(maps, map(["x": "1"])).keeps("uid", "metadata.uid"),
                .apply("\(maps)/a", by: "one", map(["x": "2"], ["uid": "00000000-0000-4000-a000-000000000000"]))
                    .gets(409, "Conflict"),
                .apply("\(maps)/a", by: "one", force: true, map(["x": "2"], ["uid": "${uid}"]))
                    .has("data", ["x": "2"]),
            ]
        ),
        ConformanceScenario(
            "the status is applied through its own door",
            [
                .apply("\(widgetPath)/a", by: "one", widget("a", ["spec": ["size": 1], "status": ["done": true]])).gets(
                    201
                )
                .has("status", .absent),
                .apply("\(widgetPath)/a/status", by: "one", widget("a", ["status": ["done": true]]))
                    .has("status", ["done": true]).has("spec", ["size": 1]).has("metadata.generation", 1),
                .apply("\(widgetPath)/a", by: "one", widget("a", ["spec": ["size": 2]]))
                    .has("spec", ["size": 2]).has("metadata.generation", 2),
            ]
        ),
        ConformanceScenario(
            "an apply must say who applies, and only known patches are taken",
            [
                ConformanceStep(
                    method: "PATCH",
                    path: "\(maps)/a",
                    body: map(["x": "1"]),
                    contentType: "application/apply-patch+yaml"
                ).gets(422, "Invalid"),
                ConformanceStep(method: "PATCH", path: "\(maps)/a", body: map(["x": "1"]), contentType: "text/plain")
                    .gets(415, "UnsupportedMediaType"),
            ]
        ),
    ]
}

private func renamed(_ object: JSONValue) -> JSONValue {
    var object = object
    object["metadata"]?["name"] = "b"
    return object
}
