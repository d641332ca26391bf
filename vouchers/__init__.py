"""Public money: where it comes from, and later calls, applications and vouchers."""
