// The plan board: cards can be dragged, and the periods where one fits light up while it is held.
// Every action is also a form on the card, so nothing here is needed to use the board.
"use strict";

(function () {
  const board = () => document.getElementById("board");
  const columns = () => [...document.querySelectorAll("#board .column")];
  const periodOf = (column) => column.dataset.period;
  const sorting = new Map();
  let holding = 0;
  let known = new Map();
  let lifted = null;
  let line = Promise.resolve();
  let changing = null;

  // a style that dragging left on a card is not handed on: the policy allows none in the page
  htmx.config.attributesToSettle = [];

  // ------------------------------------------------------------ where a card fits

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
      known.set(key, new Map(found.map((one) => [periodOf(one), one.dataset.fits === "yes"])));
    }
    return known.get(key);
  }

  const inWords = (fits) =>
    fits === true ? "fits" : fits === false ? "breaks something" : "does not run";

  async function light(card) {
    const mine = ++holding;
    try {
      const spots = await spotsOf(card);
      if (mine !== holding) return;
      for (const column of columns()) {
        const fits = spots.get(periodOf(column)) === true;
        column.classList.toggle("fits", fits);
        column.classList.toggle("unfit", !fits);
      }
    } catch {
      // without an answer nothing lights up; the move itself is checked all the same
    }
  }

  function darken() {
    holding += 1;
    for (const column of columns()) column.classList.remove("fits", "unfit", "aim");
  }

  // the menu lists the periods that are shown now, and says in words which of them fit
  async function fillMenu(menu) {
    const chosen = menu.value;
    menu.replaceChildren(...columns().map((column) => {
      const one = new Option(periodOf(column), periodOf(column));
      one.selected = one.value === chosen;
      return one;
    }));
    try {
      const spots = await spotsOf(menu.dataset.menu);
      for (const option of menu.options) {
        option.textContent = `${option.value} (${inWords(spots.get(option.value))})`;
      }
    } catch {
      // the menu works without
    }
  }

  // ------------------------------------------------------------------- moving

  // moves wait for each other: each is made from the version that the one before it left
  function move(card, period) {
    line = line.then(() => htmx.ajax("POST", `/boards/${board().dataset.board}/move`, {
      target: "#board",
      swap: "outerHTML",
      values: { version: board().dataset.version, card, period },
    })).catch(() => {});
    return line;
  }

  function dropped(event) {
    darken();
    if (event.from === event.to) return;
    const from = event.from.closest(".column");
    const to = event.to.closest(".column");
    const before = board().dataset.version;
    // what they show is not what they were sent with
    from.dataset.part = to.dataset.part = "";
    move(event.item.dataset.card, periodOf(to)).then(() => {
      // no answer came: the card goes back to where it still is
      if (board().dataset.version !== before || !event.to.contains(event.item)) return;
      const others = event.from.querySelectorAll("[data-card]");
      event.from.insertBefore(event.item, others[event.oldDraggableIndex] || null);
    });
  }

  // a card that was lifted by keyboard is moved over the periods by arrow keys
  function lift(grip) {
    const card = grip.closest("[data-card]");
    const here = card.closest(".column");
    lifted = { grip, card: card.dataset.card, here, aim: here };
    grip.setAttribute("aria-pressed", "true");
    here.classList.add("aim");
    light(lifted.card);
    prospectus.tell(`${lifted.card} is held in ${periodOf(here)}: arrow keys choose a period, ` +
      "Enter puts it there, Escape lets go");
  }

  async function aimAt(step) {
    const all = columns();
    const next = all[all.indexOf(lifted.aim) + step];
    if (!next) return;
    lifted.aim.classList.remove("aim");
    lifted.aim = next;
    next.classList.add("aim");
    next.scrollIntoView({ block: "nearest", inline: "nearest" });
    const mine = lifted;
    const spots = await spotsOf(mine.card).catch(() => new Map());
    if (lifted === mine && mine.aim === next) {
      const told = next === mine.here ? "it stands here" : inWords(spots.get(periodOf(next)));
      prospectus.tell(`${periodOf(next)}: ${told}`);
    }
  }

  function letGo(isPut) {
    const { grip, card, here, aim } = lifted;
    lifted = null;
    grip.removeAttribute("aria-pressed");
    darken();
    if (isPut && aim !== here) move(card, periodOf(aim));
    else prospectus.tell(`${card} stays in ${periodOf(here)}`);
  }

  const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

  function keyOnGrip(event) {
    const isPress = event.key === "Enter" || event.key === " ";
    if (!lifted && !isPress) return;
    if (!lifted) lift(event.target);
    else if (isPress) letGo(true);
    else if (event.key === "Escape") letGo(false);
    else if (event.key in STEPS) aimAt(STEPS[event.key]);
    else return;
    event.preventDefault();
  }

  // ------------------------------------------------------------------ the board

  function begin() {
    known = new Map();
    for (const [stack, sortable] of sorting) {
      if (stack.isConnected) continue;
      sortable.destroy();
      sorting.delete(stack);
    }
    for (const stack of document.querySelectorAll("#board .stack")) {
      if (sorting.has(stack)) continue;
      sorting.set(stack, new Sortable(stack, {
        group: "cards",
        draggable: "[data-card]",
        filter: "details, summary, select, button, a",
        preventOnFilter: false,
        delay: 150,
        delayOnTouchOnly: true,
        animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
        onStart: (event) => light(event.item.dataset.card),
        onEnd: dropped,
      }));
    }
  }

  document.body.addEventListener("toggle", (event) => {
    const menu = event.target.open && event.target.querySelector("[data-menu]");
    if (menu) fillMenu(menu);
  }, true);
  document.body.addEventListener("focusin", (event) => {
    const card = event.target.dataset && event.target.dataset.menu;
    if (card) light(card);
  });
  document.body.addEventListener("focusout", (event) => {
    if (lifted && event.target === lifted.grip) letGo(false);
    else if (event.target.dataset && event.target.dataset.menu) darken();
  });
  document.body.addEventListener("keydown", (event) => {
    if (!event.target.closest) return;
    if (event.target.matches("#board .grip")) keyOnGrip(event);
    if (event.key !== "Escape" || event.defaultPrevented) return;
    darken();
    const open = event.target.closest("#board details[open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });
  // what the page shows already need not be sent again
  document.body.addEventListener("htmx:configRequest", (event) => {
    if (!board() || event.detail.target !== board()) return;
    const parts = [...board().querySelectorAll("[data-part]")];
    const told = parts.map((one) => `${encodeURIComponent(one.id)}=${one.dataset.part}`);
    event.detail.headers["Board-Parts"] = told.join(" ");
  });
  // one change at a time: what is made from a version that is just being left would be refused
  document.body.addEventListener("htmx:beforeRequest", (event) => {
    if (!board() || event.detail.target !== board()) return;
    if (changing && changing.readyState > 0 && changing.readyState < XMLHttpRequest.DONE) {
      event.preventDefault();
      prospectus.tell("The change before is still being saved; try again in a moment.");
      return;
    }
    changing = event.detail.xhr;
  });
  document.body.addEventListener("boardShown", (event) => {
    const { version, focusOn } = event.detail;
    board().dataset.version = version;
    for (const field of document.querySelectorAll("#content input[name=version]")) {
      field.value = version;
    }
    // what was asked of the board as it was
    for (const answer of document.querySelectorAll("#board .answer")) answer.replaceChildren();
    begin();
    const found = document.getElementById(focusOn);
    if (found) found.focus();
  });
  if (board()) begin();
})();
