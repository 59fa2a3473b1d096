"""The explorers of chapter 03, activations."""
