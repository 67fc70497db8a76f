from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.http import HttpRequest

from apps.team.models import User

REFUSED = "That name and password do not match an account."


class SignIn(forms.Form):
    """The same answer for an unknown name, a wrong password and a disabled account."""

    username = forms.CharField(label="Name", max_length=150)
    password = forms.CharField(label="Password", max_length=1000, widget=forms.PasswordInput)

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user: User | None = None

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if not self.errors:
            user = authenticate(self.request, **given)
            self.user = user if isinstance(user, User) else None
            if self.user is None:
                raise forms.ValidationError(REFUSED)
        return given


class SignInByToken(forms.Form):
    token = forms.CharField(label="API token", max_length=500, widget=forms.PasswordInput)
