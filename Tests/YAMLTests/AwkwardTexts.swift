/// Texts to which YAML gives a meaning, and what it does not let through.
let awkwardInYAML = ["\u{FEFF}", "\u{0}", "  ", "08", "1:20", "2001-01-01", ".5", "_", "<<", "="]
