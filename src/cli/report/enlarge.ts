// Panels of a row, one large at a time in the same place, so that flipping through them shows what differs.

/** The dialog, empty until a panel is chosen. */
export const DIALOG = `<dialog id="large" aria-labelledby="large-name">
<header><h2 id="large-name"></h2><button type="button" id="large-close" aria-label="close">&#x2715;</button></header>
<footer><button type="button" id="large-before" aria-label="previous panel">&#x2190;</button><p aria-live="polite"></p><button type="button" id="large-after" aria-label="next panel">&#x2192;</button></footer>
</dialog>`;

/** Script that opens it by a click on a panel; arrow keys, buttons and swipes flip, Escape and taps close. */
export const ENLARGE = `
{
  const dialog = document.getElementById("large");
  const [picture, told] = [new Image(), dialog.querySelector("p")];
  const legend = document.querySelector(".legend").cloneNode(true);
  picture.draggable = false;
  let [panels, at, opener, from, swiped] = [[], 0, null, 0, false];
  const show = (to) => {
    at = (to + panels.length) % panels.length;
    const image = panels[at].querySelector("img");
    const caption = panels[at].parentElement.querySelector("figcaption");
    picture.src = image.src;
    picture.alt = image.alt;
    told.textContent = [...caption.childNodes].map((node) => node.textContent).filter(Boolean).join(", ") + " (" + (at + 1) + " of " + panels.length + ")";
  };
  for (const panel of document.querySelectorAll(".panel")) {
    panel.addEventListener("click", () => {
      const row = panel.closest(".row");
      [panels, opener] = [[...row.querySelectorAll(".panel")], panel];
      document.getElementById("large-name").textContent = row.querySelector("h3").textContent;
      dialog.lastElementChild.before(picture, legend);
      show(panels.indexOf(panel));
      dialog.showModal();
      document.getElementById("large-after").focus();
    });
  }
  const flips = [["large-before", -1], ["large-after", 1]];
  for (const [id, step] of flips) document.getElementById(id).addEventListener("click", () => show(at + step));
  dialog.addEventListener("keydown", ({ key }) => {
    if (key === "ArrowLeft" || key === "ArrowRight") show(at + (key === "ArrowLeft" ? -1 : 1));
  });
  dialog.addEventListener("pointerdown", ({ clientX }) => ([from, swiped] = [clientX, false]));
  dialog.addEventListener("pointerup", ({ clientX, target }) => {
    swiped = Math.abs(clientX - from) > 40 && !target.closest("button");
    if (swiped) show(at + (clientX < from ? 1 : -1));
  });
  // that of a mouse ends in a click
  dialog.addEventListener("click", ({ target }) => {
    if (!swiped && !target.closest("footer")) dialog.close();
    swiped = false;
  });
  dialog.addEventListener("close", () => opener.focus());
}
`;
