"""The explorers of chapter 05, initialization."""
