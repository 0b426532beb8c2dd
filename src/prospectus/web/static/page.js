// What every page does with scripts: tell what happened, keep the focus, say when the line is cut.
"use strict";

(function () {
  const said = document.getElementById("said");

  function tell(text, tone) {
    said.textContent = "";
    said.classList.toggle("warn", tone === "warn");
    // an empty moment, so that the same words are read out twice
    requestAnimationFrame(() => { said.textContent = text; });
  }

  document.body.addEventListener("htmx:sendError", () => {
    tell("The server does not answer. What you did was not saved; try again.", "warn");
  });
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    // a page that tells a fault is shown, not swallowed
    if (event.detail.xhr.status >= 400) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });
  // a fault that no page tells is put above what the page shows, until something else is answered
  const trouble = document.getElementById("trouble");
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target !== trouble) trouble.replaceChildren();
  });
  document.body.addEventListener("troubled", () => {
    said.textContent = "";
    trouble.querySelector(".faults").focus();
  });
  document.body.addEventListener("said", (event) => tell(event.detail.value || "", event.detail.tone));

  window.prospectus = { tell };
})();
