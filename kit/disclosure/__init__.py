"""What may leave: no row of one account, no number of few people, no private value."""
