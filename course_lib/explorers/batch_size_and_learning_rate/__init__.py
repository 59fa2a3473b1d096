"""The explorers of chapter 08, batch size and learning rate."""
