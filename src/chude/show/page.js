(() => {
  "use strict";
  const root = document.documentElement;
  const all = (query, from = document) => [...from.querySelectorAll(query)];
  root.classList.add("js");

  // The other language
  for (const button of all(".switch")) button.onclick = () => {
    root.lang = root.lang === "vi" ? "en" : "vi";
    for (const element of all("[data-vi]")) element.textContent = element.dataset[root.lang];
    for (const element of all("[data-label-vi]"))
      element.setAttribute("aria-label", element.getAttribute(`data-label-${root.lang}`));
    all(".slider input").forEach(slide);
  };

  // Behind a slider a table waits for those who want it, and for paper
  const unfold = open => all("details.later").forEach(table => table.open = open);
  unfold(false);
  addEventListener("beforeprint", () => unfold(true));
  addEventListener("afterprint", () => unfold(false));

  // One theme of a card at a time
  for (const card of all(".card")) {
    const buttons = all("input[type=radio]", card);
    const choose = () => {
      const chosen = buttons.find(button => button.checked);
      if (chosen) for (const part of all("section", card))
        part.hidden = part.dataset.theme !== chosen.value;
    };
    for (const button of buttons) button.onchange = choose;
    choose();
  }

  // What another threshold would do, counted for each hundredth
  const percent = (part, whole) => {
    if (!whole) return "–";
    const text = (100 * part / whole).toFixed(1);
    return (root.lang === "vi" ? text.replace(".", ",") : text) + " %";
  };
  function slide(input) {
    const at = +input.value;
    const {yes, hits, found, review, positives, known} = JSON.parse(input.dataset.counts);
    const shown = (at / 100).toFixed(2);
    const values = [root.lang === "vi" ? shown.replace(".", ",") : shown, yes[at],
      percent(hits[at], yes[at]), percent(found[at], positives), percent(review[at], known)];
    all("b", input.closest(".slider")).forEach((place, i) => place.textContent = values[i]);
  }
  for (const input of all(".slider input")) {
    input.oninput = () => slide(input);
    slide(input);
  }

  // Errors of one theme or kind
  const theme = document.getElementById("filter-theme");
  const kind = document.getElementById("filter-kind");
  if (theme && kind) {
    const count = document.getElementById("filter-count");
    const filter = () => {
      let left = 0;
      for (const error of all(".error")) {
        error.hidden = (theme.value && error.dataset.of !== theme.value)
          || (kind.value && error.dataset.kind !== kind.value) || false;
        left += !error.hidden;
      }
      count.textContent = left;
    };
    theme.onchange = kind.onchange = filter;
    for (const link of all("a[data-of]")) link.onclick = () => {
      theme.value = link.dataset.of;
      kind.value = link.dataset.kind;
      filter();
    };
    filter();
  }
})();
