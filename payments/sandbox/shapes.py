"""The one type every object of the API has on its way in and out."""

from typing import Any

Json = dict[str, Any]
