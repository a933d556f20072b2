/// The rules about secrets in a Dockerfile.
///
/// No message holds a value.
struct SecretRules {
    let check: DockerfileCheck

    func findings() -> [Finding] {
        let stages = self.check.dockerfile.globalArguments + self.check.dockerfile.stages.flatMap(\.instructions)
        return stages.flatMap { self.findings(in: $0) }
    }

    private func findings(in instruction: Instruction) -> [Finding] {
        let place = Finding.Place.line(instruction.line)
        switch instruction.keyword {
        case .env:
            return self.check.words.pairs(instruction.arguments).compactMap { name, value in
                guard self.isSecret(name), !value.isEmpty else {
                    return SecretShape.found(in: value).map {
                        Finding(.secretInEnvironment, "ENV \(name) holds \($0)", at: place)
                    }
                }
                let message = "ENV \(name) is a secret in every container and in the image's history"
                return Finding(.secretInEnvironment, message, at: place)
            }
        case .arg:
            return Dockerfile.arguments(instruction, self.check.words).compactMap { name, value in
                if self.isSecret(name) {
                    let message = "ARG \(name): the image's history keeps its value; use RUN --mount=type=secret"
                    return Finding(.secretInArgument, message, at: place)
                }
                return SecretShape.found(in: value ?? "").map {
                    Finding(.secretInArgument, "ARG \(name) holds \($0)", at: place)
                }
            }
        case .copy, .add:
            return self.copied(by: instruction, at: place) + self.text(of: instruction, at: place)
        default:
            return self.text(of: instruction, at: place)
        }
    }

    /// Whether the contract, or the name itself, says that a variable holds a secret.
    private func isSecret(_ variable: String) -> Bool {
        self.check.contract.secretVariables.contains(variable) || SecretNames.isSecret(variable: variable)
    }

    private func copied(by instruction: Instruction, at place: Finding.Place) -> [Finding] {
        guard instruction.flags["from"] == nil else { return [] }
        return instruction.copySources(self.check.words).filter { SecretNames.isSecret(path: $0) }.map {
            Finding(.secretFile, "\($0) would be in the image", at: place)
        }
    }

    private func text(of instruction: Instruction, at place: Finding.Place) -> [Finding] {
        guard let secret = SecretShape.found(in: instruction.script) else { return [] }
        return [Finding(.secretInText, "\(instruction.keyword.rawValue) holds \(secret)", at: place)]
    }
}
