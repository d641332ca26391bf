"""Services on offer: kinds and listings, over Oscar's catalogue and partner tables."""
