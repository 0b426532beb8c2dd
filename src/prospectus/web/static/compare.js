// The comparison's chart: finish against cost, what is dominated by another shape and hollow.
// Each way has a number there and in the table of the same figures, so no name is cut or hidden.
"use strict";

(function () {
  let chart = null;
  let drawn = null;

  function library(address) {
    if (window.echarts) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = address;
      script.addEventListener("load", resolve);
      script.addEventListener("error", reject);
      document.head.append(script);
    });
  }

  function colours() {
    const style = getComputedStyle(document.documentElement);
    const of = (name) => style.getPropertyValue(`--${name}`).trim();
    return { ink: of("ink"), soft: of("soft"), line: of("line"), card: of("card"), accent: of("accent") };
  }

  // Ways that end on one day and cost the same stand on one point: it bears all their numbers.
  function labels(points) {
    const met = new Map();
    for (const one of points) {
      const key = `${one.finish} ${one.cost}`;
      met.set(key, [...(met.get(key) || []), one.number]);
    }
    return (one) => {
      const numbers = met.get(`${one.finish} ${one.cost}`);
      if (numbers[0] !== one.number) return "";
      return numbers.length > 4 ? `${numbers.slice(0, 3).join(", ")} …` : numbers.join(", ");
    };
  }

  function series(points, label, isBeaten, c) {
    return {
      name: isBeaten ? "dominated" : "dominated by none",
      type: "scatter",
      symbol: isBeaten ? "triangle" : "circle",
      symbolSize: isBeaten ? 11 : 15,
      itemStyle: isBeaten
        ? { color: c.card, borderColor: c.soft, borderWidth: 2, opacity: 1 }
        : { color: c.accent, borderColor: c.card, borderWidth: 1, opacity: 1 },
      data: points
        .filter((one) => one.isBeaten === isBeaten)
        .map((one) => ({ value: [one.finish, one.cost], told: one })),
      label: {
        show: true,
        position: "right",
        formatter: (item) => label(item.data.told),
        color: isBeaten ? c.soft : c.ink,
        fontWeight: isBeaten ? "normal" : "bold",
        fontSize: 12,
      },
      labelLayout: { moveOverlap: "shiftY" },
    };
  }

  function draw() {
    const place = document.getElementById("chart");
    if (!place || !window.echarts) return;
    const points = JSON.parse(place.dataset.points);
    const c = colours();
    const label = labels(points);
    const axis = {
      axisLabel: { color: c.soft, hideOverlap: true },
      axisLine: { lineStyle: { color: c.soft } },
      splitLine: { lineStyle: { color: c.line } },
      nameTextStyle: { color: c.soft },
    };
    if (drawn !== place) {
      if (chart) chart.dispose();
      // not in the element with an id: htmx copies attributes of such a one, which the policy forbids
      chart = echarts.init(place.querySelector(".drawn"));
      drawn = place;
    }
    chart.setOption(
      {
        animation: false,
        grid: { left: 8, right: 28, top: 48, bottom: 34, containLabel: true },
        legend: { top: 4, left: 0, itemWidth: 14, textStyle: { color: c.ink } },
        tooltip: {
          // text drawn by the chart itself: the page's policy forbids styles in markup
          renderMode: "richText",
          confine: true,
          backgroundColor: c.card,
          borderColor: c.line,
          textStyle: { color: c.ink },
          formatter: (item) => {
            const one = item.data.told;
            return `${one.number}. ${one.name}\n${one.month}, ${one.costText}, up to ${one.peak} a week`;
          },
        },
        xAxis: { type: "time", name: "finish", nameLocation: "middle", nameGap: 26, boundaryGap: ["6%", "6%"], ...axis },
        yAxis: { type: "value", name: place.dataset.currency, scale: true, boundaryGap: ["12%", "12%"], ...axis },
        series: [series(points, label, false, c), series(points, label, true, c)],
      },
      true,
    );
  }

  async function begin() {
    const place = document.getElementById("chart");
    if (!place || place === drawn) return;
    try {
      await library(place.dataset.script);
    } catch {
      // the table below says the same
      place.hidden = true;
      return;
    }
    draw();
    new ResizeObserver(() => { if (chart && drawn === place) { chart.resize(); draw(); } }).observe(place);
  }

  for (const query of ["(prefers-color-scheme: dark)", "print"]) {
    matchMedia(query).addEventListener("change", draw);
  }
  document.body.addEventListener("htmx:afterSettle", begin);
  begin();
})();
