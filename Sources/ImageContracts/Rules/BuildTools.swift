/// What builds and has no place in what runs.
enum BuildTools {
    /// Whether a package of this name builds things; `python3-dev`, `musl-dev` and the like do.
    static func isPackage(_ word: String, ofDistribution: Bool) -> Bool {
        // `gcc=12.2`, `uv==0.5`.
        let name = String(word.prefix { $0 != "=" && $0 != "<" && $0 != ">" && $0 != "~" })
        guard !name.hasPrefix("-") else { return false }
        guard ofDistribution else { return ["uv", "poetry", "pipenv", "pdm", "build"].contains(name) }
        return Self.packages.contains(name) || name.hasSuffix("-dev") || Self.isProgram(name)
    }

    /// Whether a program of this name builds things.
    ///
    /// Those with a version or a platform in their name are meant too: `gcc-14`, `x86_64-linux-gnu-gcc-14`.
    static func isProgram(_ name: String) -> Bool {
        var parts = name.split(separator: "-").map(String.init)
        if let last = parts.last, last.allSatisfy({ $0.isNumber || $0 == "." }) { parts.removeLast() }
        guard let last = parts.last, parts.count == 1 || parts.count >= 3 && parts.contains("linux") else {
            return false
        }
        return Self.programs.contains(last)
    }

    private static let packages: Set<String> = ["build-essential", "build-base", "binutils", "rustup", "linux-headers"]
    private static let programs: Set<String> = [
        "gcc", "g++", "cc", "c++", "cc1", "clang", "clang++", "make", "cmake", "ninja", "ld", "as", "rustc", "cargo",
        "go",
        "git", "uv", "uvx", "poetry",
    ]
}
