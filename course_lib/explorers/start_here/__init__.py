"""The explorers of chapter 00, start here."""
