/* What the pages do better where scripts run, and do without where they do not: keep a draft while one types, copy a line,
   move focus to the answer. Sends only what its form would send, to where the form came from; keeps nothing in the browser. */
(function () {
  "use strict";

  function keep(form) {
    var note = form.querySelector("[data-saved-at]"), timer = 0, sent = "", busy = false, left = false;
    function read() { return new URLSearchParams(Array.from(new FormData(form)).filter(function (pair) { return typeof pair[1] === "string"; })).toString(); }
    function send() {
      var body = read();
      if (left || busy || body === sent) { return; }
      busy = true;
      fetch(form.dataset.autosave, { method: "POST", body: body, keepalive: true, credentials: "same-origin", redirect: "error",
        headers: { "Content-Type": "application/x-www-form-urlencoded", "X-Requested-With": "fetch" } })
        .then(function (answer) { if (answer.status === 401 || answer.status === 409) { sent = body; say(answer.status === 401 ? form.dataset.ended : form.dataset.stale, false); return; } if (!answer.ok) { throw new Error(String(answer.status)); } sent = body; say(form.dataset.saved, true); })
        .catch(function () { say(form.dataset.unsaved, false); timer = setTimeout(send, 15000); })
        .finally(function () { busy = false; if (sent === body && read() !== sent) { later(); } });
    }
    function say(words, timed) {
      var now = new Date();
      if (note) { note.textContent = timed ? words + " " + now.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hour12: false }) : words; }
    }
    function later() { clearTimeout(timer); timer = setTimeout(send, 1500); }
    sent = read();
    form.addEventListener("input", later);
    // What a button sends is the last word: a page that is left by it does not write over what came of it.
    form.addEventListener("submit", function () { clearTimeout(timer); left = true; });
    window.addEventListener("pageshow", function () { left = false; });
    document.addEventListener("visibilitychange", function () { if (document.hidden) { send(); } });
  }

  function copies(button) {
    if (!navigator.clipboard) { return; }
    button.hidden = false;
    button.addEventListener("click", function () {
      navigator.clipboard.writeText(button.parentNode.querySelector("code").textContent).then(function () {
        var words = button.textContent;
        button.textContent = "✓ " + words;
        setTimeout(function () { button.textContent = words; }, 1500);
      });
    });
  }

  function ready(root) {
    root.querySelectorAll("form[data-autosave]").forEach(keep);
    root.querySelectorAll("[data-copy]").forEach(copies);
    var answers = root.querySelectorAll("[data-focus]");
    if (answers.length === 1) { answers[0].focus(); }
  }

  document.addEventListener("htmx:afterSwap", function (event) { ready(event.target); });
  ready(document);
}());
