"""What runs the suite elsewhere: images, Kubernetes resources, alerts."""
