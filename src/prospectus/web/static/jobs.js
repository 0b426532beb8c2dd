// Long work: the bar moves as the server tells of it, and at the end the page shows what was found.
// Without scripts the page loads itself anew every few seconds instead.
"use strict";

(function () {
  function show(box, told) {
    const bar = box.querySelector("progress");
    if (told.total) {
      bar.max = told.total;
      bar.value = told.done;
      box.querySelector("[data-count]").textContent = `${told.done} of ${told.total}`;
    }
    const words = told.stopping ? "Stopping" : told.said;
    if (words) box.querySelector("[data-said]").textContent = words;
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
    const source = new EventSource(box.dataset.events);
    let shown = "";
    // an answer that is older than the last must not take its place
    let loading = false;

    source.addEventListener("progress", async (event) => {
      if (!document.contains(box)) return source.close();
      const told = JSON.parse(event.data);
      show(box, told);
      const found = document.getElementById("found");
      if (!found || loading || String(told.done) === shown) return;
      shown = String(told.done);
      loading = true;
      await load(box, "#found").catch(() => {});
      loading = false;
    });
    source.addEventListener("end", async (event) => {
      source.close();
      if (!document.contains(box)) return;
      const told = JSON.parse(event.data);
      await load(box);
      window.prospectus.tell(
        { done: "Ready.", failed: "It could not be done.", cancelled: "Stopped." }[told.state] || "",
      );
    });
    window.addEventListener("pagehide", () => source.close());
  }

  document.body.addEventListener("htmx:afterSettle", watch);
  watch();
})();
