"""Write cents as people read them."""


def euros(cents: int, language: str = "en") -> str:
    """Return ``€1,170.50``, or ``1.170,50 €`` in Italian."""
    whole, rest = divmod(cents, 100)
    if language == "it":
        return f"{whole:,}".replace(",", ".") + f",{rest:02} €"
    return f"€{whole:,}.{rest:02}"
