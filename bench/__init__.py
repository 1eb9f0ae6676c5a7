"""The figures that the README claims, each as a ratio to a bare reference measured in the same run."""
