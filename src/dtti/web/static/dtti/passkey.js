/* Passkeys: asks the browser for one and sends its answer with the form it belongs to. Without scripts the forms stay shut
   and the authenticator app is there. Keeps nothing. */
(function () {
  "use strict";

  function bytes(text) {
    var plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, function (c) { return c.charCodeAt(0); });
  }
  function text(buffer) {
    return btoa(String.fromCharCode.apply(null, new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }
  function keys(list) { return (list || []).map(function (k) { return Object.assign({}, k, { id: bytes(k.id) }); }); }

  function asked(options, form, ask) {
    var wanted = Object.assign({}, options.publicKey || options);
    wanted.challenge = bytes(wanted.challenge);
    if (ask === "get") { wanted.allowCredentials = keys(wanted.allowCredentials); return { publicKey: wanted }; }
    var alone = form.elements.passwordless && form.elements.passwordless.checked;
    wanted.user = Object.assign({}, wanted.user, { id: bytes(wanted.user.id) });
    wanted.excludeCredentials = keys(wanted.excludeCredentials);
    wanted.authenticatorSelection = Object.assign({}, wanted.authenticatorSelection,
      { residentKey: alone ? "required" : "discouraged", requireResidentKey: Boolean(alone) }, alone ? { userVerification: "required" } : {});
    return { publicKey: wanted };
  }
  function answered(made) {
    var response = { clientDataJSON: text(made.response.clientDataJSON) };
    ["attestationObject", "authenticatorData", "signature", "userHandle"].forEach(function (part) {
      if (made.response[part]) { response[part] = text(made.response[part]); }
    });
    if (made.response.getTransports) { response.transports = made.response.getTransports(); }
    return { id: made.id, rawId: text(made.rawId), type: made.type, response: response,
      authenticatorAttachment: made.authenticatorAttachment || null, clientExtensionResults: made.getClientExtensionResults() };
  }
  function options(form) {
    if (form.dataset.options) { return Promise.resolve(JSON.parse(form.dataset.options)); }
    return fetch(form.dataset.fetch, { credentials: "same-origin", headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" } })
      .then(function (answer) { if (!answer.ok) { throw new Error(String(answer.status)); } return answer.json(); })
      .then(function (found) { return found.request_options; });
  }

  document.querySelectorAll("form[data-passkey]").forEach(function (form) {
    var button = form.querySelector("button"), note = form.querySelector("[data-answer]");
    if (!window.PublicKeyCredential) { return; }
    button.hidden = false;
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      note.hidden = true;
      options(form)
        .then(function (found) { var ask = form.dataset.passkey; return navigator.credentials[ask](asked(found, form, ask)); })
        .then(function (made) { form.elements.credential.value = JSON.stringify(answered(made)); form.submit(); })
        .catch(function () { note.textContent = form.dataset.failed; note.hidden = false; });
    });
  });
}());
