import Glibc

/// What this process allocates, by `hack/lib/allocations.c`, which must have been loaded before it.
struct Allocations: Sendable {
    private typealias Figure = @convention(c) () -> UInt

    private let allocationCount: Figure
    private let allocatedBytes: Figure

    init() throws {
        self.allocationCount = try Self.figure("allocation_count")
        self.allocatedBytes = try Self.figure("allocated_bytes")
    }

    private static func figure(_ name: String) throws -> Figure {
        guard let symbol = unsafe dlsym(nil, name) else { throw AllocationsError.notCounting }
        return unsafe unsafeBitCast(symbol, to: Figure.self)
    }

    /// How often anything was allocated so far.
    var count: Double { Double(self.allocationCount()) }

    /// What is allocated now and not freed.
    var inUseMiB: Double { Double(self.allocatedBytes()) / 1_048_576 }
}

/// Why nothing can be said of allocations.
enum AllocationsError: Error {
    /// Nobody counts: `hack/check-costs` and `hack/bench scale` see to it that somebody does.
    case notCounting
}
