"""Addresses of the account pages. Only the pages of allauth that this installation has: no sign-up, no mail."""

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkey
from django.urls import path

from dtti.web import demonstration

from . import calendars, mail, office_passkeys, seeing, views, watching

urlpatterns = [
    path("demo-sign-in", views.demo_sign_in, name="demo_sign_in"),
    path("demo-switch", demonstration.page, name="demo_switch"),
    path("account/", views.account, name="account_home"),
    path("account/seat", views.seat, name="account_seat"),
    path("account/passkeys", office_passkeys.page, name="office_passkeys"),
    path("watch/<path:name>/", watching.page, name="watch"),
    path("account/see-as", seeing.page, name="see_as"),
    path("account/mail", mail.page, name="mail"),
    path("account/calendars", calendars.page, name="calendars"),
    path("calendar/<str:secret>.ics", calendars.fetch, name="calendar"),
    path("account/sign-in", account.login, name="account_login"),
    path("account/sign-out", account.logout, name="account_logout"),
    path("account/closed", account.account_inactive, name="account_inactive"),
    path("account/password", views.change_password, name="account_change_password"),
    path("account/confirm", account.reauthenticate, name="account_reauthenticate"),
    path("account/confirm/code", second_factor.reauthenticate, name="mfa_reauthenticate"),
    path("account/confirm/passkey", passkey.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("account/sign-in/code", second_factor.authenticate, name="mfa_authenticate"),
    path("account/sign-in/passkey", passkey.login_webauthn, name="mfa_login_webauthn"),
    path("account/second-factor", second_factor.index, name="mfa_index"),
    path("account/second-factor/app", totp.activate_totp, name="mfa_activate_totp"),
    path("account/second-factor/app/remove", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/second-factor/passkeys", passkey.list_webauthn, name="mfa_list_webauthn"),
    path("account/second-factor/passkeys/add", passkey.add_webauthn, name="mfa_add_webauthn"),
    path("account/second-factor/passkeys/<int:pk>/remove", passkey.remove_webauthn, name="mfa_remove_webauthn"),
    path("account/second-factor/passkeys/<int:pk>/name", passkey.edit_webauthn, name="mfa_edit_webauthn"),
    path("account/second-factor/recovery", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("account/second-factor/recovery/new", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("account/second-factor/recovery/file", recovery.download_recovery_codes, name="mfa_download_recovery_codes"),
]
