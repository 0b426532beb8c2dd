// The plan board: cards can be dragged, and the periods where one fits light up while it is held.
// Every action is also a form on the card, so nothing here is needed to use the board.
"use strict";

(function () {
  const board = () => document.getElementById("board");
  const columns = () => [...document.querySelectorAll("#board .column")];
  let held = 0;
  let known = new Map();

  // a style that dragging left on a card is not handed on: the policy allows none in the page
  htmx.config.attributesToSettle = ["class"];

  // what is known of a card holds for one version of the board
  async function spotsOf(card) {
    const here = board();
    const key = `${here.dataset.version} ${card}`;
    if (!known.has(key)) {
      const address = `/boards/${here.dataset.board}/spots?card=${encodeURIComponent(card)}`;
      const answer = await fetch(address, { headers: { "HX-Request": "true" } });
      if (!answer.ok) return new Map();
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const found = [...page.querySelectorAll("[data-period]")];
      known.set(key, new Map(found.map((one) => [one.dataset.period, one.dataset.fits === "yes"])));
    }
    return known.get(key);
  }

  async function hold(card) {
    const mine = ++held;
    try {
      const spots = await spotsOf(card);
      if (mine !== held) return;
      for (const column of columns()) {
        const fits = spots.get(column.dataset.period) === true;
        column.classList.toggle("fits", fits);
        column.classList.toggle("unfit", !fits);
      }
    } catch {
      // without an answer nothing lights up; the move itself is checked all the same
    }
  }

  function letGo() {
    held += 1;
    for (const column of columns()) column.classList.remove("fits", "unfit");
  }

  // the menu says in words which periods fit
  async function tellMenu(menu) {
    try {
      const spots = await spotsOf(menu.dataset.menu);
      for (const option of menu.options) {
        const fits = spots.get(option.value);
        const told = fits === true ? "fits" : fits === false ? "breaks something" : "does not run";
        option.textContent = `${option.value} (${told})`;
      }
    } catch {
      // the menu works without
    }
  }

  function dropped(event) {
    letGo();
    if (event.from === event.to) return;
    const period = event.to.closest(".column").dataset.period;
    htmx.ajax("POST", `/boards/${board().dataset.board}/move`, {
      target: "#board",
      swap: "outerHTML",
      values: { version: board().dataset.version, card: event.item.dataset.card, period },
    });
  }

  function begin() {
    known = new Map();
    for (const stack of document.querySelectorAll("#board .stack")) {
      new Sortable(stack, {
        group: "cards",
        draggable: "[data-card]",
        filter: "details, summary, select, button, a",
        preventOnFilter: false,
        delay: 150,
        delayOnTouchOnly: true,
        animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
        onStart: (event) => hold(event.item.dataset.card),
        onEnd: dropped,
      });
    }
    for (const field of document.querySelectorAll("[data-follows-version]")) {
      field.value = board().dataset.version;
    }
  }

  document.body.addEventListener("toggle", (event) => {
    const menu = event.target.open && event.target.querySelector("[data-menu]");
    if (menu) tellMenu(menu);
  }, true);
  document.body.addEventListener("focusin", (event) => {
    const card = event.target.dataset && event.target.dataset.menu;
    if (card) hold(card);
  });
  document.body.addEventListener("focusout", (event) => {
    if (event.target.dataset && event.target.dataset.menu) letGo();
  });
  document.body.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !event.target.closest) return;
    letGo();
    const open = event.target.closest("#board details[open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });
  document.body.addEventListener("htmx:afterSettle", (event) => {
    if (board() && (event.target.id === "board" || event.detail.elt.id === "board")) begin();
  });
  document.body.addEventListener("focusOn", (event) => {
    // after the swap: the trigger arrives with the answer
    document.body.addEventListener("htmx:afterSettle", () => {
      const found = document.getElementById(event.detail.value);
      if (found) found.focus();
    }, { once: true });
  });
  if (board()) begin();
})();
