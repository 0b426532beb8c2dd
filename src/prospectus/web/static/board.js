// The plan board: cards can be dragged, and the periods where one fits light up while it is held.
// Every action is also a form on the card, so nothing here is needed to use the board.
"use strict";

(function () {
  const columns = () => [...document.querySelectorAll("#board .column")];

  function light(spots) {
    for (const column of columns()) {
      const spot = spots.get(column.dataset.period);
      column.classList.toggle("fits", spot === true);
      column.classList.toggle("unfit", spot !== true);
    }
  }

  function dim() {
    for (const column of columns()) column.classList.remove("fits", "unfit");
  }

  let held = 0;

  async function hold(card) {
    const mine = ++held;
    const board = document.getElementById("board").dataset.board;
    const address = `/boards/${board}/spots?card=${encodeURIComponent(card)}`;
    try {
      const answer = await fetch(address, { headers: { "HX-Request": "true" } });
      if (!answer.ok || mine !== held) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const found = [...page.querySelectorAll("[data-period]")];
      light(new Map(found.map((one) => [one.dataset.period, one.dataset.fits === "yes"])));
    } catch {
      // without an answer nothing lights up; the move itself is checked all the same
    }
  }

  function letGo() {
    held += 1;
    dim();
  }

  function dropped(event) {
    letGo();
    if (event.from === event.to) return;
    const board = document.getElementById("board");
    const period = event.to.closest(".column").dataset.period;
    htmx.ajax("POST", `/boards/${board.dataset.board}/move`, {
      target: "#board",
      swap: "outerHTML",
      values: { version: board.dataset.version, card: event.item.dataset.card, period },
    });
  }

  function begin() {
    for (const stack of document.querySelectorAll("#board .stack")) {
      new Sortable(stack, {
        group: "cards",
        draggable: "[data-card]",
        filter: "details, summary, select, button, a",
        preventOnFilter: false,
        animation: 120,
        onStart: (event) => hold(event.item.dataset.card),
        onEnd: dropped,
      });
    }
  }

  document.body.addEventListener("focusin", (event) => {
    const card = event.target.dataset && event.target.dataset.menu;
    if (card) hold(card);
  });
  document.body.addEventListener("focusout", (event) => {
    if (event.target.dataset && event.target.dataset.menu) letGo();
  });
  document.body.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id === "board" || event.detail.elt.id === "board") begin();
  });
  document.body.addEventListener("focusCard", (event) => {
    const card = event.detail.value;
    if (!card) return;
    // after the swap: the trigger arrives with the answer
    requestAnimationFrame(() => {
      const found = document.querySelector(`[data-card="${CSS.escape(card)}"]`);
      if (found) found.focus();
    });
  });
  begin();
})();
