internal import CYAML

extension YAML {
    /// The version of the libyaml that the process runs with.
    public static var libraryVersion: String {
        guard let version = unsafe yaml_get_version_string() else { return "unknown" }
        return unsafe String(cString: version)
    }
}
