"""Buying: bookings in a basket, the quote, the purchase, its orders, delivery."""
