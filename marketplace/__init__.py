"""The project itself: settings, addresses, workers, and which outcome wakes which verb."""
