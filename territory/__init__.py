"""Districts, municipalities and the places where people gather."""
