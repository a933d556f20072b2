internal import JSON

/// Reads what goes to the pod as it is, as far as a mistake can be told here: names, types, and what must be there.
enum SchedulingReader {
    private enum TolerationOperator: String, CaseIterable {
        case exists = "Exists"
        case equal = "Equal"
    }

    private enum TaintEffect: String, CaseIterable {
        case noSchedule = "NoSchedule"
        case preferNoSchedule = "PreferNoSchedule"
        case noExecute = "NoExecute"
    }

    private enum UnsatisfiableAction: String, CaseIterable {
        case doNotSchedule = "DoNotSchedule"
        case scheduleAnyway = "ScheduleAnyway"
    }

    private enum NodeInclusion: String, CaseIterable {
        case honor = "Honor"
        case ignore = "Ignore"
    }

    private enum SelectorOperator: String, CaseIterable {
        case isIn = "In"
        case isNotIn = "NotIn"
        case exists = "Exists"
        case doesNotExist = "DoesNotExist"
    }

    static func readTolerations(_ field: FieldReader) -> [JSONValue] {
        field.array(atMost: 32) { element in
            element.object { fields in
                _ = fields.field("key")?.text(.labelKey)
                _ = fields.field("operator")?.oneOf(TolerationOperator.self)
                _ = fields.field("value")?.text(.labelValue)
                _ = fields.field("effect")?.oneOf(TaintEffect.self)
                _ = fields.field("tolerationSeconds")?.integer(in: Int64.min...Int64.max)
                return element.value
            }
        }
    }

    /// Its three parts are deep and Kubernetes' own; the API server says what is wrong within them.
    static func readAffinity(_ field: FieldReader) -> JSONValue? {
        field.object { fields in
            for name in ["nodeAffinity", "podAffinity", "podAntiAffinity"] {
                fields.field(name)?.requireObject()
            }
            return field.value
        }
    }

    static func readSpreadConstraints(_ field: FieldReader) -> [JSONValue] {
        field.array(atMost: 16) { element in
            element.object { fields in
                _ = fields.required("maxSkew")?.integer(in: 1...Int64(Int32.max))
                _ = fields.field("minDomains")?.integer(in: 1...Int64(Int32.max))
                _ = fields.required("topologyKey")?.text(.labelKey)
                _ = fields.required("whenUnsatisfiable")?.oneOf(UnsatisfiableAction.self)
                fields.field("labelSelector").map(Self.checkSelector)
                _ = fields.field("matchLabelKeys")?.array(atMost: 16) { $0.text(.labelKey) }
                _ = fields.field("nodeAffinityPolicy")?.oneOf(NodeInclusion.self)
                _ = fields.field("nodeTaintsPolicy")?.oneOf(NodeInclusion.self)
                return element.value
            }
        }
    }

    private static func checkSelector(_ field: FieldReader) {
        _ = field.object { fields in
            _ = fields.field("matchLabels")?.map(atMost: 64, names: .labelKey) { $0.text(.labelValue) }
            _ = fields.field("matchExpressions")?.array(atMost: 32) { expression in
                expression.object { fields in
                    _ = fields.required("key")?.text(.labelKey)
                    _ = fields.required("operator")?.oneOf(SelectorOperator.self)
                    _ = fields.field("values")?.array(atMost: 64) { $0.text(.labelValue) }
                    return expression.value
                }
            }
            return field.value
        }
    }
}
