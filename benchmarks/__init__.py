"""What is measured, never asserted: ``make bench``. Quote ratios of one run, not single times."""
