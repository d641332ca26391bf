"""What must happen after commit, at least once; and the sweepers that finish half-done work."""
