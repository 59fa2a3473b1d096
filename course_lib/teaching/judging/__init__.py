"""How an answer is judged: run safely, read as numbers, compared, and told what differs."""
