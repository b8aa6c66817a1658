"""What allauth asks of its installation: no sign-up, our words, secrets encrypted, a QR code without styles in it."""

import base64
from typing import Any

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dtti.node.people import duties, seats
from dtti.node.people.models import Person

from . import devices

#: What is said after an act on the account, by allauth's name for the occasion. What is not listed is not said.
OCCASIONS: dict[str, str | Promise] = {
    "account/messages/logged_out.txt": gettext_lazy("You are signed out."),
    "account/messages/password_changed.txt": gettext_lazy("Your password is changed."),
    "mfa/messages/totp_activated.txt": gettext_lazy("The authenticator app is set up."),
    "mfa/messages/totp_deactivated.txt": gettext_lazy("The authenticator app is removed."),
    "mfa/messages/webauthn_added.txt": gettext_lazy("The passkey is set up."),
    "mfa/messages/webauthn_removed.txt": gettext_lazy("The passkey is removed."),
    "mfa/messages/recovery_codes_generated.txt": gettext_lazy("There is a new set of recovery codes."),
}


TOO_MANY = gettext_lazy(
    "Too many attempts. Wait five minutes, then try again. After more of them the wait is an hour, then a day."
)

_ACCOUNT_REFUSALS: dict[str, str | Promise] = {
    **DefaultAccountAdapter.error_messages,
    "username_password_mismatch": gettext_lazy(
        "User name and password do not go together. Check both, or ask the custodian for a new password."
    ),
    "incorrect_password": gettext_lazy("This is not your password."),
    "enter_current_password": gettext_lazy("Type your current password."),
    "too_many_login_attempts": TOO_MANY,
    "rate_limited": TOO_MANY,
}

_FACTOR_REFUSALS: dict[str, str | Promise] = {
    **DefaultMFAAdapter.error_messages,
    "cannot_delete_authenticator": gettext_lazy("This is your only second factor. Set up another before removing it."),
    "cannot_generate_recovery_codes": gettext_lazy(
        "Recovery codes stand in for a second factor. Set up an authenticator app or a passkey first."
    ),
    "incorrect_code": gettext_lazy("This code is not right, or was already used. Type the one that the app shows now."),
}


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are given by the custodian; nobody signs up."""

    error_messages = _ACCOUNT_REFUSALS

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The first page, in the language of the sign-in page; the industry room for whoever is of industry."""
        if isinstance(request.user, Person) and any(duties.submits(each) for each in seats.held(request.user)):
            return reverse("industry")
        return "/hi/" if getattr(request, "LANGUAGE_CODE", "en") == "hi" else "/"

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """The first page, in the language of the page that was left."""
        return self.get_login_redirect_url(request)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """The account page."""
        return reverse("account_home")

    def get_client_ip(self, request: HttpRequest) -> str:
        """The place that an attempt to sign in comes from, as rates count it: a known device, else the address.

        Whoever guesses at someone's password from elsewhere, or from the same office's one address, uses up the rates
        of his own place and never those of a device from which that someone has signed in before.
        """
        login = request.POST.get("login", "") if request.method == "POST" else ""
        return devices.known(request, login) or super().get_client_ip(request)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Attempts are counted for a name at a place: wrong passwords here lock nobody out elsewhere."""
        key: str = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{key}:{ratelimit.get_ip(request)}"

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **how: Any) -> HttpResponse:
        """After a whole sign-in, second factor and all, this device is known to be that person's."""
        response: HttpResponse = super().post_login(request, user, **how)
        devices.remember(request, response, user.get_username())
        return response

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, object] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say what is listed in OCCASIONS, and refusals as they come."""
        words = message or OCCASIONS.get(message_template or "")
        if words:
            messages.add_message(request, level, str(words), extra_tags=extra_tags)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, object]) -> None:
        """No mail: accounts hold no address."""


class SecondFactorAdapter(DefaultMFAAdapter):
    """The second factor: authenticator app, passkeys, recovery codes."""

    error_messages = _FACTOR_REFUSALS

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:  # noqa: A002 - allauth's
        """A name for the next passkey, until its owner gives a better one."""
        return _("Passkey %(number)s") % {
            "number": Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        }

    def build_totp_svg(self, url: str) -> str:
        """The QR code as one path: no style attribute, which the page's content policy would refuse."""
        code = qrcode.QRCode(border=4)
        code.add_data(url)
        rows: list[list[bool]] = code.get_matrix()
        drawn = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
        size, words = len(rows), _("QR code for the authenticator app")
        return (
            f'<svg class="qr" viewBox="0 0 {size} {size}" width="232" height="232" shape-rendering="crispEdges" '
            f'role="img" aria-labelledby="qr-words"><title id="qr-words">{words}</title>'
            f'<rect width="{size}" height="{size}" fill="#fff"/><path d="{drawn}" fill="#000"/></svg>'
        )

    def encrypt(self, text: str) -> str:
        """The secret as it is stored: under a key derived from the node's own, which is not in the database."""
        return _box().encrypt(text.encode()).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again; ValueError where the node's key is another than the one it was stored under."""
        try:
            return _box().decrypt(encrypted_text.encode("ascii")).decode()
        except InvalidToken:
            raise ValueError("a second factor was stored under another `secret` file; restore that file") from None


def _box() -> Fernet:
    derived = HKDF(SHA256(), 32, salt=None, info=b"dtti second factor").derive(settings.SECRET_KEY.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
