from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.contrib.auth import get_user_model, password_validation

from console.ui.zones import ZONES

SHORTEST_PASSWORD = 10
User = get_user_model()


class Preferences(forms.ModelForm):  # type: ignore[type-arg]  # Django's own class takes none at run time
    time_zone = forms.ChoiceField(
        label="Time zone",
        choices=ZONES,
    )
    theme = forms.ChoiceField(
        label="Theme",
        choices=[("system", "As the system"), ("light", "Light"), ("dark", "Dark")],
    )
    density = forms.ChoiceField(
        label="Density", choices=[("compact", "Compact"), ("roomy", "Roomy")]
    )

    email = forms.EmailField(label="E-mail", required=False, max_length=254)

    class Meta:
        model = User
        fields = ("time_zone", "theme", "density", "email")


class NewPassword(forms.Form):
    """Who came by link or token has no password yet and sets the first one without an old one."""

    old = forms.CharField(label="Current password", max_length=1000, required=False)
    new = forms.CharField(label="New password", max_length=1000)

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_old(self) -> str:
        old: str = self.cleaned_data["old"]
        if self.user.has_usable_password() and not self.user.check_password(old):
            raise forms.ValidationError("This is not your current password.")
        return old

    def clean_new(self) -> str:
        new: str = self.cleaned_data["new"]
        if len(new) < SHORTEST_PASSWORD:
            raise forms.ValidationError(f"Use at least {SHORTEST_PASSWORD} characters.")
        password_validation.validate_password(new, self.user)
        return new


class Connection(forms.Form):
    """A token is needed again whenever the address changes: it is not sent to another host."""

    api_url = forms.CharField(label="API address", max_length=500)
    token = forms.CharField(label="Token", max_length=500, required=False)

    def clean_api_url(self) -> str:
        address: str = self.cleaned_data["api_url"].rstrip("/").removesuffix("/v2")
        if not is_plain_address(address):
            raise forms.ValidationError(
                "Give an address such as https://api.example.com, without a name or parameters."
            )
        return address

    def clean_token(self) -> str:
        token: str = self.cleaned_data["token"].strip()
        if not token.isascii() or not token.isprintable() or " " in token:
            raise forms.ValidationError("A token has letters, digits and signs only.")
        return token


def is_plain_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    is_web = parts.scheme in ("http", "https") and bool(parts.hostname) and port != 0
    is_bare = "@" not in parts.netloc and not parts.query and not parts.fragment
    return is_web and is_bare and address.isascii() and " " not in address and "\\" not in address
