"use strict";
(() => {
  // Everything from the manifests is set as text, never as markup.
  const data = JSON.parse(document.getElementById("data").textContent);
  const graph = document.querySelector(".graph");
  if (graph) graph.scrollLeft = graph.scrollWidth;
  const list = document.getElementById("rows");
  if (!list) return;
  const HEIGHT = 28;
  const space = document.getElementById("space");
  const input = document.getElementById("filter");
  const found = document.getElementById("found");
  const several = data.manifests.length > 1;
  const texts = data.rows.map((row) =>
    [data.manifests[row[0]], data.kinds[row[1]][0], row[2], row[3], row[4]].join("\n").toLowerCase());
  const off = new Set();
  let shown = [];

  const span = (name, text) => {
    const made = document.createElement("span");
    made.className = name;
    made.textContent = text;
    made.title = text;
    return made;
  };

  const draw = () => {
    const first = Math.max(0, Math.floor(list.scrollTop / HEIGHT) - 10);
    const count = Math.ceil(list.clientHeight / HEIGHT) + 20;
    space.replaceChildren(...shown.slice(first, first + count).map((place, k) => {
      const [manifest, kind, path, former, detail] = data.rows[place];
      const [name, sign, style] = data.kinds[kind];
      const line = document.createElement("div");
      line.className = "row";
      line.style.top = (first + k) * HEIGHT + "px";
      line.append(span("kind " + style, sign + " " + (name === "renamed" ? "moved" : name)));
      if (several) line.append(span("manifest", data.manifests[manifest]));
      line.append(span("path", former ? former + " → " + path : path), span("detail", detail));
      return line;
    }));
  };

  const filter = () => {
    const parts = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    shown = [];
    for (let k = 0; k < texts.length; k++) {
      if (!off.has(data.rows[k][1]) && parts.every((part) => texts[k].includes(part))) shown.push(k);
    }
    space.style.height = shown.length * HEIGHT + "px";
    list.style.height = Math.min(Math.max(shown.length, 1), 18) * HEIGHT + "px";
    found.textContent = shown.length.toLocaleString("en") + " of " + texts.length.toLocaleString("en");
    list.scrollTop = 0;
    draw();
  };

  const used = [...new Set(data.rows.map((row) => row[1]))].sort((a, b) => a - b);
  for (const kind of used.length > 1 ? used : []) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "chip " + data.kinds[kind][2];
    button.textContent = data.kinds[kind][0] === "renamed" ? "moved" : data.kinds[kind][0];
    button.setAttribute("aria-pressed", "true");
    button.addEventListener("click", () => {
      if (!off.delete(kind)) off.add(kind);
      button.setAttribute("aria-pressed", String(!off.has(kind)));
      filter();
    });
    document.getElementById("kinds").append(button);
  }
  input.addEventListener("input", filter);
  list.addEventListener("scroll", draw);
  window.addEventListener("resize", draw);
  filter();
})();
