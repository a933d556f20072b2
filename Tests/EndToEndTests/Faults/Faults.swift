import Testing

/// What is done to the operator while it works, and how it comes out of that: a process of its own, on a real API server.
///
/// Each test has a namespace, an operator and a way to the API server of its own, so that they run side by side.
@Suite(.enabled(if: ControlPlane.isThere, ControlPlane.whatIsMissing), .timeLimit(.minutes(20)))
struct Faults {}

/// What is done to the API server itself, one thing after the other: it is everybody's.
@Suite(.enabled(if: ControlPlane.isThere, ControlPlane.whatIsMissing), .serialized, .timeLimit(.minutes(10)))
struct ServerFaults {}
