// The form of one's details: only what was changed is sent, faults are marked where they belong,
// and what was typed a moment ago is not lost by following a link. Without scripts one saves it.
"use strict";

(function () {
  const form = document.getElementById("you-form");
  const ALWAYS = new Set(["token", "version"]);

  // ------------------------------------------------------- what was changed

  function values() {
    const found = new Map();
    for (const [name, value] of new FormData(form)) {
      if (ALWAYS.has(name) || typeof value !== "string") continue;
      found.set(name, [...(found.get(name) || []), value]);
    }
    return new Map([...found].map(([name, all]) => [name, JSON.stringify(all)]));
  }

  // `sent` is on its way; whether it was taken is not known before the answer
  let kept = form ? values() : new Map();
  let sent = new Map();

  function changed() {
    return new Map([...values()].filter(([name, value]) => kept.get(name) !== value));
  }

  // What each field said when it was last known, for the server: a field that nobody else has
  // changed since is saved, whatever became of the rest.
  function seen(names) {
    const found = [];
    for (const name of names) {
      for (const value of JSON.parse(kept.get(name) || '[""]')) found.push([`was.${name}`, value]);
      if (sent.has(name)) {
        for (const value of JSON.parse(sent.get(name))) found.push([`sent.${name}`, value]);
      }
    }
    return found;
  }

  if (form) {
    const status = document.getElementById("as-you-go");
    status.hidden = false;

    form.addEventListener("htmx:configRequest", (event) => {
      if (event.detail.elt !== form) return;
      const before = seen(changed().keys());
      sent = changed();
      if (!sent.size) {
        status.textContent = "Saved.";
        event.preventDefault();
        return;
      }
      for (const name of [...event.detail.formData.keys()]) {
        if (!ALWAYS.has(name) && !sent.has(name)) event.detail.formData.delete(name);
      }
      for (const [name, value] of before) event.detail.formData.append(name, value);
    });

    form.addEventListener("htmx:afterRequest", (event) => {
      // a refusal is swapped in too, so the status alone tells that it was taken
      if (event.detail.elt !== form) return;
      if (event.detail.xhr.status !== 200) {
        status.textContent = "Not saved yet.";
        return;
      }
      for (const [name, value] of sent) kept.set(name, value);
      sent = new Map();
      // before the next change that waits is sent
      const state = document.getElementById("you-state");
      for (const input of document.querySelectorAll("input[name=version]")) {
        input.value = state.dataset.version;
      }
    });

    form.addEventListener("input", () => { status.textContent = "Saved as you go."; });

    window.addEventListener("pagehide", () => {
      const left = changed();
      if (!left.size) return;
      const body = new URLSearchParams();
      for (const name of ALWAYS) body.append(name, form.elements.namedItem(name).value);
      for (const [name, all] of left) for (const value of JSON.parse(all)) body.append(name, value);
      for (const [name, value] of seen(left.keys())) body.append(name, value);
      navigator.sendBeacon(form.action, body);
    });
  }

  // --------------------------------------------------------- what came back

  function mark() {
    for (const wrong of document.querySelectorAll("#you-form .wrong")) {
      const field = wrong.closest(".field");
      for (const input of field.querySelectorAll("input, select, textarea")) {
        if (wrong.textContent) input.setAttribute("aria-invalid", "true");
        else input.removeAttribute("aria-invalid");
      }
    }
  }

  document.body.addEventListener("htmx:afterSettle", () => {
    const state = document.getElementById("you-state");
    if (!state || !form) return;
    // a version that was not seen is not saved over: the person chooses first
    if (state.classList.contains("conflict")) {
      state.focus();
      return;
    }
    const wrong = Number(state.dataset.wrong);
    document.getElementById("as-you-go").textContent = wrong ? `Saved, with ${wrong} to mend.` : "Saved.";
    // fields that came with another programme are as they are kept
    for (const [name, value] of values()) if (!kept.has(name)) kept.set(name, value);
    mark();
  });

  // -------------------------------------------------------- links to fields

  function unfold() {
    const found = document.getElementById(location.hash.slice(1));
    const around = found && found.closest("details");
    if (!around) return;
    around.open = true;
    found.scrollIntoView({ block: "center" });
    if (found.matches("input, select, textarea")) found.focus();
  }

  window.addEventListener("hashchange", unfold);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#f-']");
    if (!link) return;
    event.preventDefault();
    const around = document.getElementById(link.hash.slice(1));
    if (!around) return;
    const folded = around.closest("details");
    if (folded) folded.open = true;
    around.focus();
  });
  unfold();

  // ------------------------------------------------------------- time zone

  const zone = document.getElementById("f-time-zone");
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone && here && !zone.value && here.includes("/")) {
    const take = document.createElement("button");
    take.type = "button";
    take.className = "small";
    take.textContent = `Use this machine's: ${here}`;
    take.addEventListener("click", () => {
      zone.value = here;
      zone.dispatchEvent(new Event("change", { bubbles: true }));
      zone.focus();
      take.remove();
    });
    zone.after(take);
  }

  // ------------------------------------------------------ lines of the text

  const text = document.getElementById("text");

  function select(number) {
    const lines = text.value.split("\n");
    const start = lines.slice(0, number - 1).join("\n").length + (number > 1 ? 1 : 0);
    text.focus();
    text.setSelectionRange(start, start + (lines[number - 1] || "").length);
    const height = parseFloat(getComputedStyle(text).lineHeight) || 20;
    text.scrollTop = Math.max(0, (number - 4) * height);
  }

  if (text) {
    for (const link of document.querySelectorAll("[data-line]")) {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        select(Number(link.dataset.line));
      });
    }
    const asked = /^#line-(\d+)$/.exec(location.hash);
    if (asked) select(Number(asked[1]));
  }
})();
