// The words of a document of the chart as one line of text, and where each character of it stands.
// White space counts as one blank. Title and author are no words of the document.

const BLOCKS = "p, li, td, th, h3, h4";

// text; places: [node, offset] for each character; breaks: the characters at which a new line of the document begins.
export function flat(doc) {
  const walker = document.createTreeWalker(doc, NodeFilter.SHOW_TEXT, (node) => (
    node.parentElement.closest("h2, .by") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT
  ));
  let text = "";
  let block = null;
  let fresh = true;
  const places = [];
  const breaks = new Set();
  const blank = (place) => {
    if (!text || text.endsWith(" ")) return;
    text += " ";
    places.push(place);
  };
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const own = node.parentElement.closest(BLOCKS);
    if (own !== block) {
      blank([node, 0]);
      fresh = true;
    }
    block = own;
    for (let offset = 0; offset < node.length; offset++) {
      const char = node.data[offset];
      if (/\s/.test(char)) {
        blank([node, offset]);
        fresh ||= char === "\n";
        continue;
      }
      if (fresh) breaks.add(text.length);
      fresh = false;
      text += char;
      places.push([node, offset]);
    }
  }
  return { text, places, breaks };
}

// The part [from, to) of it as a range of the page.
export function rangeOf({ places }, from, to) {
  const range = document.createRange();
  range.setStart(...places[from]);
  range.setEnd(places[to - 1][0], places[to - 1][1] + 1);
  return range;
}

// The part [from, to) that a range of the page covers, whole words of it; null where it covers none.
export function partOf({ text, places }, range) {
  const inside = ([node, offset]) => (
    range.comparePoint(node, offset) === 0 && range.comparePoint(node, Math.min(offset + 1, node.length)) === 0
  );
  let from = places.findIndex((place, n) => text[n] !== " " && inside(place));
  if (from < 0) return null;
  let to = places.findLastIndex((place, n) => text[n] !== " " && inside(place)) + 1;
  const word = (n) => /[\p{L}\p{N}]/u.test(text[n] ?? "");
  while (word(from) && word(from - 1)) from--;
  while (word(to - 1) && word(to)) to++;
  return [from, to];
}
