/// What this program is.
enum BuildInformation {
    /// The version of the release that comes next; a release sets it by its tag.
    static let version = "0.1.0"
}
