internal import JSON

private let maps = "/api/v1/namespaces/${ns}/configmaps"
private let mine = "labelSelector=conformance%3Dyes"
private let widgetPath = "/apis/testing.example.com/v1/namespaces/${ns}/widgets"

private func map(_ name: String, _ labels: JSONValue = ["conformance": "yes"]) -> JSONValue {
    ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": .string(name), "labels": labels]]
}

extension ConformanceScenario {
    /// Watches: where they begin, what they tell, how they end.
    static let watches = [
        ConformanceScenario(
            "a watch tells of every change after its version, once and in order",
            [
                .post(maps, map("a")),
                .get("\(maps)?\(mine)").keeps("version", "metadata.resourceVersion"),
                .post(maps, map("b")),
                .merge("\(maps)/b", ["data": ["x": "1"]]),
                .merge("\(maps)/a", ["data": ["x": "1"]]),
                .delete("\(maps)/b"),
                .watch(
                    "\(maps)?\(mine)&resourceVersion=${version}",
                    .init("ADDED", "b"),
                    .init("MODIFIED", "b"),
                    .init("MODIFIED", "a"),
                    .init("DELETED", "b")
                ),
            ]
        ),
        ConformanceScenario(
            "objects come into a watch's selection and leave it",
            [
                .post(maps, map("a")),
                .get("\(maps)?\(mine)").keeps("version", "metadata.resourceVersion"),
                .merge("\(maps)/a", ["metadata": ["labels": ["conformance": "no"]]]),
                .merge("\(maps)/a", ["data": ["x": "1"]]),
                .merge("\(maps)/a", ["metadata": ["labels": ["conformance": "yes"]]]),
                .watch(
                    "\(maps)?\(mine)&resourceVersion=${version}",
                    .init("DELETED", "a"),
                    .init("ADDED", "a")
                ),
            ]
        ),
        ConformanceScenario(
            "a watch without a version begins with what is there",
            [
                .post(maps, map("a")),
                .watch("\(maps)?\(mine)", .init("ADDED", "a")),
                .watch("\(maps)?\(mine)&resourceVersion=0", .init("ADDED", "a")),
            ]
        ),
        ConformanceScenario(
            "a watch from a forgotten version ends with 410",
            [
                // A young API server remembers all that ever happened to what it was born with, even compacted; not so here.
                .post(widgetPath, widget("a")),
                .watch("\(widgetPath)?resourceVersion=1", .init("ERROR", "Expired")).afterCompaction,
            ]
        ),
        ConformanceScenario(
            "a watch that wants the initial events gets them, and a bookmark behind them",
            needs: [.watchList],
            [
                .post(maps, map("a")),
                .watch(
                    "\(maps)?\(mine)&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true",
                    .init("ADDED", "a"),
                    .init("BOOKMARK", "")
                ),
                .watch("\(maps)?sendInitialEvents=true", .init("ERROR", "")).gets(422, "Invalid"),
            ]
        ),
        ConformanceScenario(
            "a server without initial events says so",
            needs: [.noWatchList],
            [
                .watch(
                    "\(maps)?sendInitialEvents=true&resourceVersionMatch=NotOlderThan",
                    .init("ERROR", "")
                ).gets(422, "Invalid")
            ]
        ),
    ]
}
