"""The explorers of chapter 04, backpropagation."""
