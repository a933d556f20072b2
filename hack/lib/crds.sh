# The CustomResourceDefinition, in the cluster of kubectl.

readonly TODOAPPS=crd/todoapps.todo.taskflow.dev

apply_crds() {
    # kubectl before 1.25 does not know the CEL rules in the schema, and would refuse what it does not know.
    kubectl apply --validate=false -f crds/
    wait_for_crds
}

# A new definition's conditions are null, which kubectl takes for an error at once.
wait_for_crds() {
    wait_until 30 kubectl wait --for=condition=Established --timeout=5s "$TODOAPPS" || die "$TODOAPPS is not served"
}
