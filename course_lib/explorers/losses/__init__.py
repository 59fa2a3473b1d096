"""The explorers of chapter 02, losses."""
