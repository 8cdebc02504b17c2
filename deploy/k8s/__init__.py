"""The suite on Kubernetes: Kustomize files, and what renders the Kafka resources among them."""
