/* Passkeys: asks the browser for one and sends its answer with the form it belongs to. Without scripts the forms for signing
   in stay shut and the authenticator app is there; an act goes on with a server-held key where that is allowed. Keeps nothing. */
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
    wanted.user = Object.assign({}, wanted.user, { id: bytes(wanted.user.id) });
    wanted.excludeCredentials = keys(wanted.excludeCredentials);
    if (!form.elements.passwordless) { return { publicKey: wanted }; }
    var alone = form.elements.passwordless.checked;
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

  /* An act that a passkey confirms: the challenge is the digest of its binding form, which the page shows. */
  function whole(buffer) { return btoa(String.fromCharCode.apply(null, new Uint8Array(buffer))); }
  document.querySelectorAll("[data-assert]").forEach(function (place) {
    var form = place.closest("form"), field = place.querySelector("input"), note = place.querySelector("[data-answer]"), sure = false;
    form.addEventListener("submit", function (event) {
      if (sure || !event.submitter || event.submitter.value !== "passkey") { return; }
      event.preventDefault();
      note.hidden = true;
      var refused = function () { note.textContent = place.dataset.failed; note.hidden = false; note.focus(); };
      if (!window.PublicKeyCredential) { refused(); return; }
      navigator.credentials.get(asked(JSON.parse(place.dataset.assert), form, "get"))
        .then(function (made) {
          var said = made.response;
          field.value = JSON.stringify({ authenticator: whole(said.authenticatorData), client: whole(said.clientDataJSON), signature: whole(said.signature) });
          sure = true;
          form.requestSubmit(event.submitter);
          sure = false;
        })
        .catch(refused);
    });
  });
}());
