"""What every room may use: money, clock, codes, errors, actors. No models, no views, no clock read."""
