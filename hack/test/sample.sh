# A small app of two Deployments, of the sample images.

# deploys CLUSTER
deploys() {
    local KUBECONFIG
    KUBECONFIG=$("$HACK/cluster" --name "$1" kubeconfig)
    export KUBECONFIG
    kubectl create namespace sample
    deployment backend 8000 30081 1000 /health | kubectl apply -f -
    deployment frontend 3000 30082 1001 / | kubectl apply -f -
    kubectl -n sample rollout status deployment/backend --timeout=60s
    kubectl -n sample rollout status deployment/frontend --timeout=60s
}

# deployment COMPONENT PORT NODE_PORT USER PATH
deployment() {
    cat <<YAML
apiVersion: apps/v1
kind: Deployment
metadata: {name: $1, namespace: sample}
spec:
  selector: {matchLabels: {app: $1}}
  template:
    metadata: {labels: {app: $1}}
    spec:
      containers:
      - name: app
        image: taskflow-$1:1.0.0
        imagePullPolicy: Never
        readinessProbe: {httpGet: {path: $5, port: $2}, periodSeconds: 1, failureThreshold: 1}
        securityContext:
          runAsNonRoot: true
          runAsUser: $4
          allowPrivilegeEscalation: false
          capabilities: {drop: [ALL]}
          seccompProfile: {type: RuntimeDefault}
---
apiVersion: v1
kind: Service
metadata: {name: $1, namespace: sample}
spec: {type: NodePort, selector: {app: $1}, ports: [{port: $2, nodePort: $3}]}
---
apiVersion: v1
kind: Service
metadata: {name: $1-pods, namespace: sample}
spec: {clusterIP: None, selector: {app: $1}, ports: [{port: $2}]}
YAML
}
