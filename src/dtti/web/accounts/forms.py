"""Forms of the second factor: a malformed answer is refused, and setting a factor up counts as showing it."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager

from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms
from cryptography.exceptions import InvalidSignature
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .guard import PROVEN


@contextmanager
def understood() -> Iterator[None]:
    """Turn whatever goes wrong in reading and checking an answer of the browser into one refusal."""
    try:
        yield
    except ValidationError as error:
        if getattr(error, "code", None) != "incorrect_code":
            raise
        raise _not_taken() from None
    except (AttributeError, InvalidSignature, LookupError, TypeError, ValueError, struct.error):
        raise _not_taken() from None


def _not_taken() -> ValidationError:
    return ValidationError(_("The passkey's answer was not taken: damaged, too late, or of another key."))


class AddPasskey(forms.AddWebAuthnForm):
    """Setting one up."""

    def clean(self) -> dict[str, object]:
        """The registration, checked."""
        with understood():
            cleaned: dict[str, object] = super().clean()
        if cleaned.get("credential"):
            context.request.session[PROVEN] = True
        return cleaned


class SetUpApp(ActivateTOTPForm):
    """Setting up an authenticator app."""

    def clean_code(self) -> str:
        """The code, right for the key just given."""
        code: str = super().clean_code()
        context.request.session[PROVEN] = True
        return code


class _Answer:
    """What the three forms that ask for a passkey share."""

    def clean_credential(self) -> Authenticator:
        """The authenticator whose signature this is."""
        with understood():
            found: Authenticator = super().clean_credential()  # type: ignore[misc]
            return found


class SignInPasskey(_Answer, forms.LoginWebAuthnForm):
    """Signing in with a passkey alone."""


class SecondFactorPasskey(_Answer, forms.AuthenticateWebAuthnForm):
    """A passkey after the password."""


class ConfirmPasskey(_Answer, forms.ReauthenticateWebAuthnForm):
    """A passkey before the account is changed."""
