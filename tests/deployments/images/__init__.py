"""The image and the Kubernetes files. No container engine is needed: the steps run in a folder."""
