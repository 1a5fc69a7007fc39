// What moves on the page: language, light and dark, charts, drill-down, copying.
"use strict";

(() => {
  const root = document.documentElement;
  const data = JSON.parse(document.getElementById("chart-data").textContent);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const print = matchMedia("print");
  const PRINT_WIDTH = 680;
  const PHONE_WIDTH = 560;
  const SMALL_TILE = 16000; // square pixels; on less there is room for the number alone
  const TEXTS = {
    de: {
      title: "Planwerk-Bericht", all: "DIN 276", sorted: "Alle mit Kostengruppe", own: "ohne Untergruppe", copied: "Kopiert",
      marked: "Markiert: bitte selbst kopieren",
      teamwork: "Aufgaben", missive: "Konversationen", craft: "Dokumente",
      open: "Offen", overdue: "Überfällig", completed: "Erledigt",
    },
    en: {
      title: "Planwerk report", all: "DIN 276", sorted: "All with a cost group", own: "no subgroup", copied: "Copied",
      marked: "Selected: please copy it yourself",
      teamwork: "Tasks", missive: "Conversations", craft: "Documents",
      open: "Open", overdue: "Overdue", completed: "Completed",
    },
  };
  const text = (name) => TEXTS[root.lang][name];
  const number = (value) => value.toLocaleString("en").replaceAll(",", "\u202f");
  const plain = (name) => name.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

  const inGerman = (part) => Array.from({ length: 12 }, (_, month) =>
    new Intl.DateTimeFormat("de", { month: part }).format(new Date(2026, month, 1)));
  Plotly.register({
    moduleType: "locale", name: "de", dictionary: {},
    format: {
      days: ["Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"],
      shortDays: ["So", "Mo", "Di", "Mi", "Do", "Fr", "Sa"],
      months: inGerman("long"), shortMonths: inGerman("short"), date: "%d.%m.%Y",
    },
  });

  const probe = document.createElement("i");
  probe.hidden = true;
  document.body.append(probe);
  const colour = (name) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const isDark = () => !print.matches && (root.dataset.scheme ?? (dark.matches ? "dark" : "light")) === "dark";
  const isNarrow = (chart) => !print.matches && chart.clientWidth < PHONE_WIDTH;

  const draw = (chart, traces, layout) => {
    const line = colour("line");
    const axis = { gridcolor: line, linecolor: line, zerolinecolor: line, fixedrange: true };
    return Plotly.react(chart, traces, {
      paper_bgcolor: "transparent", plot_bgcolor: "transparent",
      font: { family: getComputedStyle(root).getPropertyValue("--sans"), size: 13, color: colour("ink") },
      hoverlabel: { bgcolor: colour("surface"), bordercolor: line, font: { color: colour("ink") } },
      separators: ".\u202f", bargap: 0.28, barmode: "stack", dragmode: false,
      legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom", traceorder: "normal", itemclick: false, itemdoubleclick: false },
      ...layout,
      xaxis: { ...axis, ...layout.xaxis }, yaxis: { ...axis, ...layout.yaxis },
      width: print.matches ? PRINT_WIDTH : undefined, autosize: !print.matches,
    }, { displayModeBar: false, responsive: true, locale: root.lang });
  };

  function drawMonths(chart) {
    const traces = ["teamwork", "missive", "craft"].map((source) => ({
      type: "bar", name: text(source), x: data.months.month, y: data.months[source],
      marker: { color: colour(source) },
      hovertemplate: "%{x|%B %Y}: %{y:,}<extra>%{fullData.name}</extra>",
    }));
    const mostTicks = isNarrow(chart) ? 5 : 13;
    const monthsPerTick = [1, 2, 3, 6, 12].find((step) => data.months.month.length <= step * mostTicks);
    draw(chart, traces, {
      margin: { l: 44, r: 6, t: 34, b: 40 },
      xaxis: { type: "date", showgrid: false, tickformat: "%b<br>%Y", dtick: `M${monthsPerTick}` },
      yaxis: { tickformat: ",", rangemode: "tozero" },
    });
  }

  function drawTasks(chart) {
    chart.style.height = `${data.tasks.length * 38 + 84}px`;
    const traces = ["open", "overdue", "completed"].map((state) => ({
      type: "bar", orientation: "h", name: text(state),
      y: data.tasks.map((row) => plain(row.task_type)), x: data.tasks.map((row) => row[state]),
      marker: { color: colour(state) },
      hovertemplate: "%{y}: %{x:,}<extra>%{fullData.name}</extra>",
    }));
    draw(chart, traces, {
      margin: { l: 4, r: 12, t: 40, b: 30 },
      xaxis: { tickformat: ",", nticks: 6 },
      yaxis: { type: "category", showgrid: false, autorange: "reversed", automargin: true, ticksuffix: "  " },
    });
  }

  // Cost groups: the chart, the path above it and the table below show the same level.
  const groups = new Map(data.costGroups.map((group) => [String(group.code), group]));
  const parents = new Set(data.costGroups.map((group) => String(group.parent_code ?? "")));
  const HUES = [210, 20, 165, 40, 265, 95, 335, 190];
  const costGroupChart = document.getElementById("cost-group-chart");
  let level = "";

  const nameOf = (group) => root.lang === "de" ? group.name_de : group.name_en;
  const wrapped = (name) => plain(name).replace(/(.{12,}?)[ -](?=.{4})/g, (line) => `${line}<br>`);
  const tile = (code, depth) => {
    const hue = HUES[Math.floor(code / 100) - 1] ?? 0;
    return isDark() ? `hsl(${hue}, 34%, ${38 - depth * 6}%)` : `hsl(${hue}, 48%, ${70 + depth * 6}%)`;
  };

  function drawCostGroups(chart) {
    const depth = isNarrow(chart) ? 2 : 3;
    const depthOfLevel = groups.get(level)?.level ?? 0;
    const levelItems = groups.get(level)?.items ?? data.sortedItems;
    const pixelsPerItem = chart.clientWidth * chart.clientHeight / levelItems;
    const tiles = { ids: [], labels: [], parents: [], values: [], text: [], hovertext: [], colors: [] };
    const add = (id, label, parent, value, items, fill, name) => {
      tiles.ids.push(id); tiles.labels.push(label); tiles.parents.push(parent);
      tiles.values.push(value); tiles.text.push(number(items)); tiles.colors.push(fill);
      tiles.hovertext.push(`${plain(name)}: ${number(items)}`);
    };
    add("all", text("sorted"), "", 0, data.sortedItems, colour("surface"), text("all"));
    for (const [code, group] of groups) {
      const isLeaf = !parents.has(code);
      // what has tiles on it has room for one line
      const isHeading = !isLeaf && group.level < depthOfLevel + depth - 1;
      const isSmall = group.items * pixelsPerItem < SMALL_TILE * (isHeading ? 3 : 1);
      const name = isSmall ? "" : isHeading ? plain(nameOf(group)) : wrapped(nameOf(group));
      const parent = String(group.parent_code ?? "all");
      add(code, `<b>${code}</b> ${name}`, parent, isLeaf ? group.own : 0, group.items, tile(group.code, group.level - 1), `${code} ${nameOf(group)}`);
      if (!isLeaf && group.own) {
        const rest = `${code} ${text("own")}`;
        add(`${code} own`, group.own * pixelsPerItem < SMALL_TILE ? `<i>${code}</i>` : wrapped(rest), code, group.own, group.own, tile(group.code, group.level), rest);
      }
    }
    const { colors, ...columns } = tiles;
    draw(chart, [{
      ...columns,
      type: "treemap", branchvalues: "remainder", maxdepth: depth, level: level || "all",
      textinfo: "label+text", hovertemplate: "%{hovertext}<extra></extra>", textfont: { color: colour("ink") },
      marker: { colors, line: { width: 1.5, color: colour("surface") }, pad: { t: 26, l: 3, r: 3, b: 3 }, cornerradius: 4 },
      pathbar: { visible: false }, tiling: { pad: 2 },
    }], { margin: { l: 0, r: 0, t: 0, b: 0 }, uniformtext: { minsize: 11, mode: "hide" } });
  }

  function showLevel() {
    const path = document.getElementById("cost-group-path");
    const steps = [];
    for (let code = level; code; code = String(groups.get(code).parent_code ?? "")) steps.unshift(code);
    path.replaceChildren(...["", ...steps].flatMap((code, depth) => {
      const last = depth === steps.length;
      const step = document.createElement(last ? "b" : "button");
      step.textContent = code ? `${code} ${nameOf(groups.get(code))}` : text("all");
      if (!last) { step.type = "button"; step.addEventListener("click", () => goTo(code, true)); }
      const arrow = document.createElement("span");
      arrow.textContent = "›";
      arrow.ariaHidden = "true";
      return depth ? [arrow, step] : [step];
    }));
    for (const row of document.querySelectorAll("#cost-group-table tbody tr")) {
      row.hidden = row.dataset.parent !== level;
    }
  }

  function goTo(code, byKey) {
    if (code === level || (code && !parents.has(code))) return;
    level = code;
    showLevel();
    drawCostGroups(costGroupChart);
    if (byKey) {
      const next = document.querySelector("#cost-group-table tbody tr:not([hidden]) button")
        ?? document.querySelector("#cost-group-path button:last-of-type");
      next?.focus({ preventScroll: true });
    }
  }

  function prepareCostGroups() {
    for (const row of document.querySelectorAll("#cost-group-table tbody tr")) {
      if (!parents.has(row.dataset.code)) continue;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "code";
      button.textContent = row.dataset.code;
      button.addEventListener("click", () => goTo(row.dataset.code, true));
      row.querySelector(".code").replaceWith(button);
    }
    document.getElementById("cost-group-table").classList.add("drilled");
    document.getElementById("cost-group-path").hidden = false;
    drawCostGroups(costGroupChart);
    costGroupChart.on("plotly_treemapclick", (event) => {
      const code = event.points[0].id === level ? String(groups.get(level)?.parent_code ?? "") : event.points[0].id;
      goTo(code === "all" ? "" : code, false);
      return false;
    });
  }

  const charts = [["months-chart", drawMonths], ["cost-group-chart", drawCostGroups], ["tasks-chart", drawTasks]]
    .map(([id, drawChart]) => [document.getElementById(id), drawChart])
    .filter(([chart]) => chart);
  const drawAll = () => {
    for (const [chart, drawChart] of charts) drawChart(chart);
    if (groups.size) showLevel();
  };

  function speak(language) {
    root.lang = language;
    document.title = text("title");
    for (const button of document.querySelectorAll("[data-language]")) {
      button.ariaPressed = String(button.dataset.language === language);
    }
  }

  async function copy(button) {
    const code = button.parentElement.querySelector("code");
    let said = "copied";
    try {
      await navigator.clipboard.writeText(code.textContent);
    } catch {
      // a page from an intranet without TLS, or from a disk, may lack that
      getSelection().selectAllChildren(code);
      said = document.execCommand("copy") ? "copied" : "marked";
    }
    const status = document.getElementById("copied");
    status.textContent = "";
    status.textContent = text(said);
    button.dataset.said = text(said);
    setTimeout(() => delete button.dataset.said, 2000);
  }

  const wanted = (navigator.languages ?? [navigator.language])
    .map((language) => language.slice(0, 2).toLowerCase()).find((language) => language in TEXTS);
  speak(wanted ?? "en");
  document.querySelector(".controls").hidden = false;
  for (const button of document.querySelectorAll("[data-language]")) {
    button.addEventListener("click", () => { speak(button.dataset.language); drawAll(); });
  }
  document.getElementById("scheme").addEventListener("click", () => {
    root.dataset.scheme = isDark() ? "light" : "dark";
    drawAll();
  });
  for (const button of document.querySelectorAll(".copy")) {
    button.hidden = false;
    button.addEventListener("click", () => copy(button));
  }
  dark.addEventListener("change", drawAll);
  print.addEventListener("change", drawAll);
  for (const [chart, drawChart] of charts) {
    if (chart === costGroupChart) prepareCostGroups(); else drawChart(chart);
  }
  if (groups.size) showLevel();
})();
