internal import CBuildInformation

/// What this program is; Package.swift takes both from the environment of whoever builds.
enum BuildInformation {
    /// The version of the release, without a "v".
    static let version = unsafe String(cString: todoapp_version())

    /// The commit that the program was built from, or "unknown".
    static let revision = unsafe String(cString: todoapp_revision())
}
