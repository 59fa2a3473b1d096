"""The explorers of chapter 06, optimizers."""
