from catalogue.models.kinds import ServiceKind
from catalogue.models.law import TaxProfile, TaxRate, WithdrawalProfile, WithdrawalRule
from catalogue.models.listings import Listing
from catalogue.models.pictures import ListingPhoto
from catalogue.models.questions import Question
from catalogue.models.tiers import PriceTier

__all__ = [
    "Listing",
    "ListingPhoto",
    "PriceTier",
    "Question",
    "ServiceKind",
    "TaxProfile",
    "TaxRate",
    "WithdrawalProfile",
    "WithdrawalRule",
]
