// Where in a case the cursor stands, read off the text: the keys above it, and what was typed of the present one.

const shape = /^(\s*)((?:-\s+)*|-$)(.*)$/;
const keyed = /^("[^"]*"|'[^']*'|[^\s:#"'{}[\],&*!|>%@`-][^:#{}[\],]*):(?:\s+(.*))?$/;

function parse(text) {
  const [, indent, dashes, rest] = shape.exec(text);
  const found = keyed.exec(rest);
  return {
    empty: !text.trim() || text.trim().startsWith("#"),
    indent: indent.length,
    dash: dashes ? indent.length : -1,
    column: indent.length + dashes.length,
    rest,
    key: found ? found[1].replace(/^["']|["']$/g, "") : null,
    value: found?.[2] ?? "",
  };
}

// {path, kind: "key" | "value", typed, from}: `path` leads from the top ("[]" is an entry of a list) to the mapping of a
// key, or to the value itself; null in a text block or a remark, where only prose stands. `lines` are all lines, `before` that of
// the cursor up to it.
export function placeAt(lines, row, before) {
  const here = parse(before);
  if (here.rest.startsWith("#")) return null;
  const column = before.trim() ? here.indent : before.length;
  const block = blockAbove(lines, row, column);
  if (block) return null;
  const path = above(lines, row, here.dash >= 0 ? here.dash : here.column, here.dash >= 0);
  if (here.dash >= 0) path.push("[]");
  if (here.key === null) {
    if (/^[{[]/.test(here.rest)) return inside(path, here.rest, before.length);
    return { path, kind: "key", typed: here.rest, from: before.length - here.rest.length };
  }
  if (/^[{[]/.test(here.value)) return inside([...path, here.key], here.value, before.length);
  return { path: [...path, here.key], kind: "value", typed: here.value, from: before.length - here.value.length };
}

function blockAbove(lines, row, column) {
  let limit = column;
  for (let n = row - 1; n >= 0 && limit > 0; n--) {
    const line = parse(lines[n]);
    if (!lines[n].trim() || line.indent >= limit) continue;
    if (/(^|\s)[|>][+-]?\d?\s*$/.test(line.rest)) return true;
    limit = line.indent;
  }
  return false;
}

// The way from the top to what stands at a column. A dash may stand right below its key.
function above(lines, row, column, dash) {
  const path = [];
  for (let n = row - 1; n >= 0 && (column > 0 || dash); n--) {
    const line = parse(lines[n]);
    if (line.empty) continue;
    const parent = line.key !== null && (line.column < column || (dash && line.column === column && line.dash < 0));
    const sibling = !dash && line.dash >= 0 && line.column === column;
    if (!parent && !sibling) continue;
    if (parent) path.unshift(line.key);
    [column, dash] = [line.column, false];
    if (line.dash >= 0) {
      path.unshift("[]");
      [column, dash] = [line.dash, true];
    }
  }
  return path;
}

// Within { } or [ ] of one line.
function inside(path, text, length) {
  const open = [];
  let start = 0;
  let quote = "";
  for (let n = 0; n < text.length; n++) {
    const char = text[n];
    if (quote) {
      if (char === quote) quote = "";
    } else if ((char === '"' || char === "'") && /[\s:,{[]/.test(text[n - 1] ?? " ")) {
      quote = char;
    } else if (char === "{" || char === "[") {
      const key = /^\s*([\w.]+):\s*$/.exec(text.slice(start, n))?.[1];
      open.push([char, key]);
      start = n + 1;
    } else if (char === "}" || char === "]") {
      open.pop();
      start = n + 1;
    } else if (char === ",") start = n + 1;
  }
  if (!open.length) return null;
  const way = open.flatMap(([char, key]) => [...(key ? [key] : []), ...(char === "[" ? ["[]"] : [])]);
  const [, blank, part] = /^(\s*)(.*)$/.exec(text.slice(start));
  const found = open.at(-1)[0] === "{" && /^([\w.]+):\s+(.*)$/.exec(part);
  const typed = found ? found[2] : part;
  const at = { path: [...path, ...way, ...(found ? [found[1]] : [])], typed, from: length - typed.length, flow: true };
  return { ...at, kind: found || open.at(-1)[0] === "[" ? "value" : "key", blank };
}

// The part of the schema at a path; undefined where the schema knows no such place.
export function schemaAt(schema, path) {
  let node = plain(schema, schema);
  for (const step of path) {
    if (!node) return undefined;
    const named = () => node.properties?.[step] ?? node.additionalProperties ?? Object.values(node.patternProperties ?? {})[0];
    const next = step === "[]" ? node.items : named();
    node = next && typeof next === "object" ? plain(schema, next) : undefined;
  }
  return node;
}

// Without $ref and without "or null".
function plain(schema, node) {
  const { description } = node;
  while (node.$ref || node.anyOf) {
    node = node.$ref ? schema.$defs[node.$ref.split("/").at(-1)] : node.anyOf.find((one) => one.type !== "null");
  }
  return description && !node.description ? { ...node, description } : node;
}

// The ids and texts of the documents, as far as they can be read from a text that may be unfinished.
export function documents(lines) {
  const out = [];
  let inside_ = false;
  let text = false;
  for (const line of lines) {
    if (/^\S/.test(line) && !/^[-#]/.test(line)) inside_ = line.startsWith("documents:");
    if (!inside_) continue;
    const id = /^\s*(?:-\s+)?id:\s*(\S+)/.exec(line);
    if (id && !text) out.push({ id: id[1], lines: [] });
    if (/^\s*(?:-\s+)?text:\s*[|>]/.test(line)) text = line.search(/\S/);
    else if (text !== false && line.trim() && line.search(/\S/) <= text) {
      text = false;
      if (/^\s*-\s+id:/.test(line)) out.push({ id: /id:\s*(\S+)/.exec(line)[1], lines: [] });
    } else if (text !== false) out.at(-1)?.lines.push(line.trim());
  }
  return out;
}
