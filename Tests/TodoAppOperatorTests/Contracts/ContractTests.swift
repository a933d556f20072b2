import JSON
import KubernetesAPI
import Testing
import TodoAppAPI
import TodoAppOperator

/// What holds for every contract.
struct ContractTests {
    @Test("A contract's pull policies are the environment's", arguments: Contract.all)
    func pullPolicies(contract: Contract) {
        for component in ComponentName.allCases {
            #expect(contract[component].minikubePullPolicy.value == AppEnvironment.minikube.imagePullPolicy)
            #expect(contract[component].productionPullPolicy.value == AppEnvironment.production.imagePullPolicy)
        }
    }

    @Test("A contract's own resources are within its own bounds", arguments: Contract.all)
    func bounds(contract: Contract) throws {
        for component in ComponentName.allCases {
            let figures = contract[component]
            for (resource, least) in figures.smallestRequests.value {
                #expect(try #require(figures.resources.value.requests[resource]) >= least)
            }
            for (resource, most) in figures.largestLimits.value {
                #expect(try #require(figures.resources.value.limits[resource]) <= most)
            }
        }
    }

    @Test(
        "No key of a ConfigMap belongs to both components, and none holds the dot of a user's key",
        arguments: Contract.all
    )
    func configKeys(contract: Contract) {
        let keys = (contract.backend.configKeys + contract.frontend.configKeys).map(\.key)
        #expect(Set(keys).count == keys.count)
        #expect(!keys.contains { $0.contains(".") })
    }

    @Test("Every rule of the validator is about a key that its contract has", arguments: Contract.all)
    func rules(contract: Contract) {
        for component in ComponentName.allCases {
            let variables = contract[component].configKeys.map(\.variable)
            for rule in ContractRules.of(contract.name)[component].configValues {
                #expect(variables.contains(rule.name))
            }
        }
    }

    @Test("The printed contract names a source at each figure", arguments: Contract.all)
    func document(contract: Contract) throws {
        for component in ComponentName.allCases {
            let document = try #require(contract.document[component.rawValue]?.object)
            for figure in document {
                #expect(hasSource(figure.value), "\(figure.key)")
            }
        }
        #expect(contract.document.at("contract") == .string(contract.name.rawValue))
    }

    @Test("A printed figure looks as the documentation says")
    func figure() {
        let document = Contract.named(.groq).document
        #expect(document.at("backend.port") == ["value": 8001, "source": "seed 001"])
        #expect(document.at("backend.secretKeys[2].needed") == "when LLM_PROVIDER is GROQ")
        #expect(document.at("backend.configKeys[1].rule") == "one of GROQ, OPENROUTER")
        #expect(document.at("backend.imagePullPolicyInMinikube.source") == "silent: the environment's")
    }

    private func hasSource(_ value: JSONValue) -> Bool {
        switch value {
        case .object(let members):
            members["source"]?.string?.isEmpty == false || members.allSatisfy { hasSource($0.value) }
        case .array(let elements): elements.allSatisfy(hasSource)
        case .null, .bool, .integer, .number, .string: false
        }
    }
}
