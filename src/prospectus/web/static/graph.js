// The curriculum graph with scripts: what leads to a course and what it leads to light up; on
// demand it can be moved and enlarged, drawn anew by a library that is fetched only then.
"use strict";

(function () {
  const frame = document.getElementById("curriculum");
  if (!frame) return;
  const vertices = new Map();
  frame.querySelectorAll(".vertex").forEach((one) => vertices.set(one.dataset.code, one));
  const edges = Array.from(frame.querySelectorAll(".edge"));

  // every course that is reached from one by lines in one direction, and the lines
  function reached(code, from, to) {
    const found = new Set([code]);
    const lines = new Set();
    const open = [code];
    while (open.length) {
      const here = open.pop();
      edges.filter((edge) => edge.dataset[from] === here).forEach((edge) => {
        lines.add(edge);
        if (!found.has(edge.dataset[to])) {
          found.add(edge.dataset[to]);
          open.push(edge.dataset[to]);
        }
      });
    }
    return { found, lines };
  }

  function light(code) {
    const after = reached(code, "first", "then");
    const before = reached(code, "then", "first");
    vertices.forEach((one, name) => {
      const isLit = after.found.has(name) || before.found.has(name);
      one.classList.toggle("lit", isLit);
      one.classList.toggle("faded", !isLit);
    });
    edges.forEach((edge) => {
      const isLit = after.lines.has(edge) || before.lines.has(edge);
      edge.classList.toggle("lit", isLit);
      edge.classList.toggle("faded", !isLit);
    });
  }

  function clear() {
    frame.querySelectorAll(".lit, .faded").forEach((one) => one.classList.remove("lit", "faded"));
  }

  vertices.forEach((one, code) => {
    one.addEventListener("mouseenter", () => light(code));
    one.addEventListener("focus", () => light(code));
    one.addEventListener("mouseleave", clear);
    one.addEventListener("blur", clear);
  });

  // ------------------------------------------------------------------ moved and enlarged

  const button = document.createElement("button");
  button.type = "button";
  button.className = "small";
  button.textContent = "Move and enlarge";
  button.setAttribute("aria-pressed", "false");
  frame.before(button);
  let canvas = null;

  function colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  function look() {
    return [
      { selector: "node", style: {
        "shape": "round-rectangle", "width": 156, "height": 44, "label": "data(label)",
        "text-wrap": "wrap", "text-max-width": 146, "text-valign": "center", "font-size": 11,
        "background-color": colour("--paper"), "border-width": 1, "border-color": colour("--edge"),
        "color": colour("--ink") } },
      { selector: "edge", style: {
        "width": 1.4, "curve-style": "bezier", "target-arrow-shape": "triangle",
        "line-color": colour("--soft"), "target-arrow-color": colour("--soft") } },
      { selector: "edge.one-of-several", style: { "line-style": "dashed" } },
      { selector: "edge.advised", style: { "line-style": "dotted" } },
      { selector: ".faded", style: { "opacity": 0.2 } },
      { selector: ".lit", style: {
        "border-color": colour("--accent"), "border-width": 2, "line-color": colour("--accent"),
        "target-arrow-color": colour("--accent") } },
    ];
  }

  function draw() {
    const elements = [];
    vertices.forEach((one, code) => elements.push({
      data: { id: code, label: one.querySelector("title").textContent },
      position: { x: Number(one.dataset.x), y: Number(one.dataset.y) },
    }));
    edges.forEach((edge, place) => elements.push({
      data: { id: "edge " + place, source: edge.dataset.first, target: edge.dataset.then },
      classes: Array.from(edge.classList).filter((name) => name !== "edge").join(" "),
    }));
    const drawn = window.cytoscape({
      container: canvas, elements, style: look(), layout: { name: "preset", padding: 20 },
      minZoom: 0.2, maxZoom: 3, boxSelectionEnabled: false,
    });
    drawn.on("tap", "node", (event) => {
      const near = event.target.predecessors().union(event.target.successors()).union(event.target);
      drawn.elements().addClass("faded").removeClass("lit");
      near.removeClass("faded").addClass("lit");
    });
    drawn.on("tap", (event) => {
      if (event.target === drawn) drawn.elements().removeClass("faded lit");
    });
    const scheme = window.matchMedia("(prefers-color-scheme: dark)");
    scheme.addEventListener("change", () => drawn.style(look()));
  }

  function show() {
    canvas = document.createElement("div");
    canvas.className = "canvas";
    canvas.id = "canvas";
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", "Curriculum graph; the same stands in the table below");
    frame.before(canvas);
    if (window.cytoscape) { draw(); return; }
    const script = document.createElement("script");
    script.src = frame.dataset.vendor;
    script.addEventListener("load", draw);
    document.head.append(script);
  }

  button.addEventListener("click", () => {
    const isOn = button.getAttribute("aria-pressed") !== "true";
    if (isOn && !canvas) show();
    canvas.hidden = !isOn;
    frame.hidden = isOn;
    button.setAttribute("aria-pressed", String(isOn));
    window.prospectus.tell(isOn
      ? "The graph can be dragged and enlarged with the wheel; a click lights up what belongs together."
      : "The graph as it is drawn on the page.");
  });
})();
