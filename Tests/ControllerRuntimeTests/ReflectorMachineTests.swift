import ControllerRuntime
import KubernetesAPI
import KubernetesClient
import Testing

@Suite("ReflectorMachine")
struct ReflectorMachineTests {
    private typealias Input = ReflectorMachine.Input
    private typealias State = ReflectorMachine.State
    private typealias Effect = ReflectorMachine.Effect

    /// Every state there is, and how one gets there.
    enum Start: String, CaseIterable {
        case fresh
        case listing
        case streaming
        case watching
        case pausingToList
        case pausingToWatch
        case stopped

        var machine: ReflectorMachine {
            var machine = ReflectorMachine(initialSync: self == .streaming ? .stream : .list)
            for input in self.inputs {
                _ = machine.step(input)
            }
            return machine
        }

        private var inputs: [ReflectorMachine.Input] {
            switch self {
            case .fresh: []
            case .listing, .streaming: [.begin]
            case .watching: [.begin, .page(last)]
            case .pausingToList: [.begin, .listFailed(.lost)]
            case .pausingToWatch: [.begin, .page(last), .watchFailed(.lost)]
            case .stopped: [.stop]
            }
        }
    }

    private static let last = ListPage(resourceVersion: 5, continueToken: "")
    private static let first = ListPage(resourceVersion: 5, continueToken: "more")

    private static let inputs: [ReflectorMachine.Input] = [
        .begin, .page(first), .page(last), .listFailed(.lost), .listFailed(.refused(410)), .advanced(to: 6),
        .watchEnded(wasUseful: true), .watchEnded(wasUseful: false), .watchFailed(.lost), .watchFailed(.away),
        .watchFailed(.refused(410)), .initialEvents(end: 8), .streamFailed(.lost), .streamFailed(.refused(422)),
        .streamIsEndless, .resumed, .stop,
    ]

    /// What follows from a state and an input; `nil` where nothing does.
    private static func change(
        _ start: Start,
        _ input: ReflectorMachine.Input
    ) -> (state: ReflectorMachine.State, effects: [ReflectorMachine.Effect])? {
        switch (start, input) {
        case (.stopped, _):
            nil
        case (_, .stop):
            (.stopped, [])
        case (.fresh, .begin), (.fresh, .resumed), (.pausingToList, .begin), (.pausingToList, .resumed):
            (.listing, [.fetchPage(continueToken: "")])
        case (.listing, .page(Self.first)):
            (.listing, [.fetchPage(continueToken: "more")])
        case (.listing, .page(Self.last)):
            (.watching(from: 5), [.replaceStore(5), .openWatch(from: 5)])
        case (.listing, .listFailed):
            (.pausing(then: .list), [.pause(failures: 1)])
        case (.streaming, .initialEvents):
            (.watching(from: 8), [.replaceStore(8), .readOn])
        case (.streaming, .streamFailed(.lost)):
            (.pausing(then: .list), [.pause(failures: 1)])
        case (.streaming, .streamFailed), (.streaming, .streamIsEndless):
            (.listing, [.fetchPage(continueToken: "")])
        case (.watching, .advanced):
            (.watching(from: 6), [])
        case (.watching, .watchEnded(wasUseful: true)):
            (.watching(from: 5), [.openWatch(from: 5)])
        case (.watching, .watchEnded(wasUseful: false)), (.watching, .watchFailed(.lost)):
            (.pausing(then: .watch(from: 5)), [.pause(failures: 1)])
        case (.watching, .watchFailed):
            (.pausing(then: .list), [.pause(failures: 1)])
        case (.pausingToWatch, .resumed):
            (.watching(from: 5), [.openWatch(from: 5)])
        default:
            nil
        }
    }

    @Test(
        "Every state answers every input, with an answer to something given up meanwhile doing nothing",
        arguments: Start.allCases
    )
    func table(_ start: Start) {
        for input in Self.inputs {
            var machine = start.machine
            let before = machine
            let effects = machine.step(input)
            if let expected = Self.change(start, input) {
                #expect(machine.state == expected.state, "\(start): \(input)")
                #expect(effects == expected.effects, "\(start): \(input)")
            } else {
                #expect(machine == before, "\(start): \(input)")
                #expect(effects == [], "\(start): \(input)")
            }
        }
    }

    @Test(
        "After a watch failed, what passes goes on from the last version, and all else lists anew",
        arguments: [
            (.lost, false), (.away, true), (.garbage, false), (.noToken, false), (.refused(401), false),
            (.refused(429), false),
            (.refused(500), false), (.refused(502), false), (.refused(503), false), (.refused(504), false),
            (.refused(410), true), (.refused(500, reason: "Expired"), true), (.refused(0, reason: "Gone"), true),
            (.refused(403), true), (.refused(404), true), (.refused(400), true), (.refused(0), true),
            (.refused(504, message: "Timeout: Too large resource version: 10, current: 5"), true),
        ] as [(KubernetesClientError, Bool)]
    )
    func resumption(_ error: KubernetesClientError, _ listsAnew: Bool) {
        var machine = Start.watching.machine
        #expect(machine.step(.watchFailed(error)) == [.pause(failures: 1)])
        #expect(machine.state == .pausing(then: listsAnew ? .list : .watch(from: 5)))
    }

    // MARK: Walks

    /// Feeds inputs and gathers what is to be done after each.
    private func walk(_ inputs: [ReflectorMachine.Input]) -> (machine: ReflectorMachine, effects: [[Effect]]) {
        var machine = ReflectorMachine()
        let effects = inputs.map { machine.step($0) }
        return (machine, effects)
    }

    @Test("Pages are read one after the other, and the store is replaced once, at the last page's version")
    func pages() {
        let (_, effects) = self.walk([
            .begin,
            .page(ListPage(resourceVersion: 7, continueToken: "a")),
            .page(ListPage(resourceVersion: 7, continueToken: "b")),
            .page(ListPage(resourceVersion: 7, continueToken: "")),
        ])
        #expect(
            effects == [
                [.fetchPage(continueToken: "")], [.fetchPage(continueToken: "a")], [.fetchPage(continueToken: "b")],
                [.replaceStore(7), .openWatch(from: 7)],
            ]
        )
    }

    @Test("A token that expires in the middle of paging begins the list anew, and nothing is replaced by half of it")
    func expiredInPaging() {
        let (machine, effects) = self.walk([
            .begin, .page(Self.first), .listFailed(.refused(410, reason: "Expired")), .resumed, .page(Self.last),
        ])
        #expect(
            effects == [
                [.fetchPage(continueToken: "")], [.fetchPage(continueToken: "more")], [.pause(failures: 1)],
                [.fetchPage(continueToken: "")], [.replaceStore(5), .openWatch(from: 5)],
            ]
        )
        #expect(machine.failures == 0)
    }

    @Test("A version that is too old for a watch leads to a new list")
    func expiredWatch() {
        let (machine, effects) = self.walk([
            .begin, .page(Self.last), .advanced(to: 6), .watchFailed(.refused(410)), .resumed,
        ])
        #expect(effects.suffix(2) == [[.pause(failures: 1)], [.fetchPage(continueToken: "")]])
        #expect(machine.state == .listing)
    }

    @Test("A watch that broke goes on after the last version that was seen, and not after the list's")
    func brokenWatch() {
        let (machine, effects) = self.walk([
            .begin, .page(Self.last), .advanced(to: 6), .advanced(to: 9), .watchFailed(.lost), .resumed,
        ])
        #expect(effects.last == [.openWatch(from: 9)])
        #expect(machine.state == .watching(from: 9))
    }

    @Test("Watches that end at once wait longer and longer, and one event ends that")
    func shortWatches() {
        var machine = Start.watching.machine
        for count in 1...4 {
            #expect(machine.step(.watchEnded(wasUseful: false)) == [.pause(failures: count)])
            #expect(machine.step(.resumed) == [.openWatch(from: 5)])
        }
        #expect(machine.step(.advanced(to: 6)) == [])
        #expect(machine.step(.watchEnded(wasUseful: false)) == [.pause(failures: 1)])
    }

    @Test("Lists that fail in a row wait longer and longer")
    func failingLists() {
        var machine = Start.listing.machine
        for count in 1...5 {
            #expect(machine.step(.listFailed(.lost)) == [.pause(failures: count)])
            #expect(machine.step(.resumed) == [.fetchPage(continueToken: "")])
        }
    }

    @Test("An event without a version does not make the reflector forget where it is")
    func versionlessEvent() {
        var machine = Start.watching.machine
        _ = machine.step(.advanced(to: ResourceVersion("")))
        #expect(machine.state == .watching(from: 5))
    }

    @Test("A list without a version is no list: nothing is replaced, and it is read anew")
    func versionlessList() {
        let (machine, effects) = self.walk([
            .begin, .page(ListPage(resourceVersion: ResourceVersion(""), continueToken: "")), .resumed,
        ])
        #expect(effects.dropFirst() == [[.pause(failures: 1)], [.fetchPage(continueToken: "")]])
        #expect(machine.state == .listing)
    }

    @Test("What the server asks for is waited for at least, a minute at most")
    func retryAfter() {
        var machine = Start.listing.machine
        #expect(
            machine.step(.listFailed(.refused(429, retryAfter: 7))) == [.pause(failures: 1, atLeast: .seconds(7))]
        )
        _ = machine.step(.resumed)
        #expect(
            machine.step(.listFailed(.refused(503, retryAfter: 3600))) == [.pause(failures: 2, atLeast: .seconds(60))]
        )
    }

    // MARK: Initial events

    @Test("Initial events replace the store once, and the watch that brought them goes on")
    func initialEvents() {
        var machine = ReflectorMachine(initialSync: .stream)
        #expect(machine.step(.begin) == [.openInitialStream])
        #expect(machine.step(.initialEvents(end: 8)) == [.replaceStore(8), .readOn])
        #expect(machine.step(.advanced(to: 9)) == [])
        #expect(machine.step(.watchEnded(wasUseful: true)) == [.openWatch(from: 9)])
    }

    @Test(
        "A server that refuses initial events is asked for lists from then on; what passes is tried again",
        arguments: [
            (.refused(400), true), (.refused(403), true), (.refused(404), true), (.refused(422), true),
            (.lost, false), (.noToken, false), (.refused(401), false), (.refused(410), false), (.refused(429), false),
            (.refused(500), false), (.refused(503), false), (.refused(504), false),
        ] as [(KubernetesClientError, Bool)]
    )
    func refusedStream(_ error: KubernetesClientError, _ lists: Bool) {
        var machine = Start.streaming.machine
        let effects = machine.step(.streamFailed(error))
        #expect(effects == (lists ? [.fetchPage(continueToken: "")] : [.pause(failures: 1)]))
        guard lists else {
            #expect(machine.step(.resumed) == [.openInitialStream])
            return
        }
        _ = machine.step(.page(Self.last))
        _ = machine.step(.watchFailed(.refused(410)))
        #expect(machine.step(.resumed) == [.fetchPage(continueToken: "")])
    }

    @Test("A watch whose version is too old begins with the initial events again")
    func expiredStream() {
        var machine = Start.streaming.machine
        _ = machine.step(.initialEvents(end: 8))
        #expect(machine.step(.watchFailed(.refused(410))) == [.pause(failures: 1)])
        #expect(machine.step(.resumed) == [.openInitialStream])
    }

    // MARK: Silence

    @Test("Two watches in a row without a word lead to a list: the server may have an older state than we saw")
    func silence() {
        var machine = Start.watching.machine
        #expect(machine.step(.watchFailed(.silent)) == [.pause(failures: 1)])
        #expect(machine.step(.resumed) == [.openWatch(from: 5)])
        #expect(machine.step(.watchEnded(wasUseful: true)) == [.fetchPage(continueToken: "")])
        #expect(machine.step(.page(Self.last)) == [.replaceStore(5), .openWatch(from: 5)])
        #expect(machine.step(.watchEnded(wasUseful: true)) == [.openWatch(from: 5)])
    }

    @Test("One bookmark is a word")
    func brokenSilence() {
        var machine = Start.watching.machine
        for version in 6..<20 {
            #expect(machine.step(.watchEnded(wasUseful: true)) == [.openWatch(from: ResourceVersion("\(version - 1)"))])
            #expect(machine.step(.advanced(to: ResourceVersion("\(version)"))) == [])
        }
    }
}
