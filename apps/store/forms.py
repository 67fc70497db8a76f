from django import forms

SORTS = [
    ("", "Best match"),
    ("popularity", "Most used"),
    ("newest", "Newest"),
    ("lastUpdate", "Last updated"),
]
PRICES = [
    ("", "Any price"),
    ("FREE", "Free"),
    ("FLAT_PRICE_PER_MONTH", "Rental"),
    ("PRICE_PER_DATASET_ITEM", "Pay per result"),
    ("PAY_PER_EVENT", "Pay per event"),
]


class StoreFilters(forms.Form):
    """What is typed into the page's address; nothing in it is ever refused."""

    search = forms.CharField(required=False, max_length=200)
    sort = forms.ChoiceField(choices=SORTS, required=False)
    category = forms.CharField(required=False, max_length=60)
    pricing = forms.ChoiceField(choices=PRICES, required=False)
    username = forms.CharField(required=False, max_length=63)

    def values(self) -> dict[str, str]:
        """What fits of each filter; "" otherwise."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}
