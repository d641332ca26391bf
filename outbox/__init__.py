"""What must happen after commit: mails and outcomes, at least once."""
