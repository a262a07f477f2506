"""Who acts on the same things at the same time: pairs of posts, and what pairs of accounts add up to."""
