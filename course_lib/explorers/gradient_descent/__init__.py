"""The explorers of chapter 01, gradient descent."""
