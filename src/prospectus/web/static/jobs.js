// Long work: the bar moves as the server tells of it, and at the end the page shows what was found.
// Without scripts the page loads itself anew every few seconds instead.
"use strict";

(function () {
  const AGAIN_MS = 3000;
  const LOST = "Connection lost, trying again";

  function show(box, told) {
    const bar = box.querySelector("progress");
    if (told.total) {
      bar.max = told.total;
      bar.value = told.done;
      box.querySelector("[data-count]").textContent = `${told.done} of ${told.total}`;
    }
    const words = told.stopping ? "Stopping" : told.said;
    if (words) say(box, words);
    const form = box.querySelector("form");
    if (form && told.stopping) form.remove();
  }

  function say(box, words) {
    box.querySelector("[data-said]").textContent = words;
  }

  function load(box, part) {
    return htmx.ajax("GET", box.dataset.address, {
      target: part || box.dataset.target,
      select: part || box.dataset.target,
      swap: "outerHTML",
    });
  }

  function watch() {
    const box = document.querySelector("[data-events]:not([data-watched])");
    if (!box) return;
    box.dataset.watched = "yes";
    let source = null;
    let shown = "";
    // what stood there before the line was cut; null while it holds
    let before = null;
    // an answer that is older than the last must not take its place
    let loading = false;

    function found() {
      if (before === null) return;
      say(box, before);
      before = null;
      window.prospectus.tell("Connected again.");
    }

    function lost() {
      if (!document.contains(box)) return source.close();
      if (before === null) {
        before = box.querySelector("[data-said]").textContent;
        say(box, LOST);
        window.prospectus.tell(`${LOST}.`);
      }
      // a browser tries again by itself unless it was answered by something else
      if (source.readyState === EventSource.CLOSED) setTimeout(connect, AGAIN_MS);
    }

    async function progress(event) {
      if (!document.contains(box)) return source.close();
      found();
      const told = JSON.parse(event.data);
      show(box, told);
      const rows = document.getElementById("found");
      if (!rows || loading || String(told.done) === shown) return;
      shown = String(told.done);
      loading = true;
      await load(box, "#found").catch(() => {});
      loading = false;
    }

    async function end(event) {
      source.close();
      if (!document.contains(box)) return;
      found();
      const told = JSON.parse(event.data);
      try {
        await load(box);
      } catch {
        return;
      }
      window.prospectus.tell(
        { done: "Ready.", failed: "It could not be done.", cancelled: "Stopped." }[told.state] || "",
      );
    }

    function connect() {
      if (!document.contains(box)) return;
      source = new EventSource(box.dataset.events);
      source.addEventListener("open", found);
      source.addEventListener("error", lost);
      source.addEventListener("progress", progress);
      source.addEventListener("end", end);
    }

    window.addEventListener("pagehide", () => source.close());
    connect();
  }

  document.body.addEventListener("htmx:afterSettle", watch);
  watch();
})();
