internal import JSON

private let maps = "/api/v1/namespaces/${ns}/configmaps"
private let widgetPath = "/apis/testing.example.com/v1/namespaces/${ns}/widgets"
private let mine = "labelSelector=conformance%3Dyes"

private func map(_ name: String, _ labels: JSONValue = ["conformance": "yes"]) -> JSONValue {
    ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": .string(name), "labels": labels]]
}

extension ConformanceScenario {
    /// Lists: pages, versions, selectors.
    static let lists = [
        ConformanceScenario(
            "the pages of a list are of one state",
            [
                .post(widgetPath, widget("a")), .post(widgetPath, widget("b")), .post(widgetPath, widget("c")),
                .get("\(widgetPath)?limit=2").has("items", .count(2)).has("items.0.metadata.name", "a")
                    .has("items.0.kind", "Widget").has("metadata.remainingItemCount", 1).has("kind", "WidgetList")
                    .keeps("token", "metadata.continue").keeps("version", "metadata.resourceVersion"),
                .post(widgetPath, widget("d")),
                .delete("\(widgetPath)/c"),
                .get("\(widgetPath)?limit=2&continue=${token}").has("items", .count(1))
                    .has("items.0.metadata.name", "c").has("metadata.resourceVersion", "${version}")
                    .has("metadata.continue", .absent),
                .get("\(widgetPath)?limit=2&continue=nonsense").gets(400, "BadRequest"),
            ]
        ),
        ConformanceScenario(
            "a page that comes too late is refused, with a token for the rest as it is by then",
            needs: [.compaction],
            [
                .post(widgetPath, widget("a")), .post(widgetPath, widget("b")), .post(widgetPath, widget("c")),
                .get("\(widgetPath)?limit=1").keeps("token", "metadata.continue"),
                .delete("\(widgetPath)/b"),
                .get("\(widgetPath)?limit=1&continue=${token}").gets(410, "Expired").afterCompaction
                    .keeps("rest", "metadata.continue"),
                .get("\(widgetPath)?continue=${rest}").has("items", .count(1)).has("items.0.metadata.name", "c"),
            ]
        ),
        ConformanceScenario(
            "a list says which state it shows",
            [
                .post(maps, map("a")).keeps("first", "metadata.resourceVersion"),
                .post(maps, map("b")),
                .get("\(maps)?\(mine)&resourceVersion=${first}&resourceVersionMatch=Exact").has("items", .count(1))
                    .has("metadata.resourceVersion", "${first}"),
                .get("\(maps)?\(mine)&resourceVersion=${first}&resourceVersionMatch=NotOlderThan")
                    .has("items", .count(2)),
                .get("\(maps)?\(mine)&resourceVersion=0").has("items.0.kind", .absent).has("kind", "ConfigMapList"),
                .get("\(maps)?resourceVersionMatch=Exact").gets(422, "Invalid"),
                .get("\(maps)?resourceVersion=0&resourceVersionMatch=Exact").gets(422, "Invalid"),
                .get("\(maps)?resourceVersion=999999999&resourceVersionMatch=NotOlderThan").gets(504, "Timeout")
                    .has("details.causes.0.reason", "ResourceVersionTooLarge")
                    .has("details.retryAfterSeconds", .present),
            ]
        ),
        ConformanceScenario(
            "selectors choose by labels and by name",
            [
                .post(maps, map("a", ["conformance": "yes", "tier": "web"])),
                .post(maps, map("b", ["conformance": "yes", "tier": "db"])),
                .post(maps, map("c", ["conformance": "yes"])),
                .get("\(maps)?\(mine)%2Ctier%3Dweb").has("items", .count(1)).has("items.0.metadata.name", "a"),
                .get("\(maps)?\(mine)%2Ctier%21%3Dweb").has("items", .count(2)),
                .get("\(maps)?\(mine)%2Ctier").has("items", .count(2)),
                .get("\(maps)?\(mine)%2C%21tier").has("items", .count(1)).has("items.0.metadata.name", "c"),
                .get("\(maps)?\(mine)%2Ctier+in+(web%2Cdb)").has("items", .count(2)),
                .get("\(maps)?\(mine)%2Ctier+notin+(web)").has("items", .count(2)),
                .get("\(maps)?fieldSelector=metadata.name%3Db").has("items", .count(1))
                    .has("items.0.metadata.name", "b"),
                .get("\(maps)?\(mine)&fieldSelector=metadata.name%21%3Db").has("items", .count(2)),
                .get("\(maps)?fieldSelector=data.x%3Db").gets(400, "BadRequest"),
                .get("\(maps)?fieldSelector=reason%3Db").gets(400, "BadRequest"),
                .get("/api/v1/events?fieldSelector=involvedObject.kind%3DPod%2Creason%3Db").has("items", .count(0)),
            ]
        ),
        ConformanceScenario(
            "metadata can be had alone",
            [
                .post(widgetPath, widget("a")),
                .get("\(widgetPath)/a").asMetadata(list: false).has("kind", "PartialObjectMetadata")
                    .has("apiVersion", "meta.k8s.io/v1").has("metadata.name", "a").has("spec", .absent),
                .get(widgetPath).asMetadata(list: true).has("kind", "PartialObjectMetadataList")
                    .has("items", .count(1)).has("items.0.spec", .absent).has("items.0.metadata.name", "a"),
            ]
        ),
        ConformanceScenario(
            "a collection is deleted by its selector",
            [
                .post(maps, map("a", ["conformance": "yes", "tier": "web"])),
                .post(maps, map("b", ["conformance": "yes"])),
                .delete("\(maps)?labelSelector=tier%3Dweb"),
                .get("\(maps)?\(mine)").has("items", .count(1)).has("items.0.metadata.name", "b"),
            ]
        ),
    ]
}
