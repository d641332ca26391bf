"""Who did what, when and why: rows appended in the transaction of the act, sealed into a chain."""
