"""How our public codes stand in an address: anything else is no address of ours."""


class CodeConverter:
    """A code of our alphabet; whoever types small letters finds it too."""

    regex = "[0-9A-Za-z]{1,12}"

    def to_python(self, value: str) -> str:
        return value.upper()

    def to_url(self, value: str) -> str:
        return value
