"""The explorers of chapter 07, regularization."""
