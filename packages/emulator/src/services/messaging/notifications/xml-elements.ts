/** An element of a document: with elements in it, or text. */
export interface XmlElement {
  readonly name: string;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

/** What stands after a name begins with what no name has: else a name without an end would be tried in each of its lengths. */
const tokens = /<\?[^]*?\?>|<!--[^]*?-->|<(\/?)([^\s<>/!?]+)(?:[\s/][^<>]*)?>|([^<]+)/gy;

/** Reads a document without attributes that matter; undefined where `text` is none. */
export function readXml(text: string): XmlElement | undefined {
  interface Open {
    readonly name: string;
    readonly children: XmlElement[];
    text: string;
  }
  const root: Open = { name: "", children: [], text: "" };
  const open: Open[] = [root];
  let end = 0;
  for (const token of text.matchAll(tokens)) {
    const [whole, slash, name, content] = token;
    end = token.index + whole.length;
    const innermost = open.at(-1) ?? root;
    if (content !== undefined) innermost.text += decoded(content);
    else if (slash === "/") {
      const parent = open.at(-2);
      if (parent === undefined || innermost.name !== name) return undefined;
      parent.children.push(innermost);
      open.pop();
    } else if (name !== undefined) {
      if (whole.endsWith("/>")) innermost.children.push({ name, children: [], text: "" });
      else open.push({ name, children: [], text: "" });
    }
  }
  const isWhole = end === text.length && open.length === 1 && root.children.length === 1 && root.text.trim() === "";
  return isWhole ? root.children[0] : undefined;
}

/** The elements of a name. */
export function childrenOf({ children }: XmlElement, name: string): readonly XmlElement[] {
  return children.filter((child) => child.name === name);
}

/** The text of the first element of a name. */
export function textOf(element: XmlElement, name: string): string | undefined {
  return childrenOf(element, name)[0]?.text;
}

const entities: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };

function decoded(text: string): string {
  return text.replace(/&(?:#x([\da-f]{1,6})|#(\d{1,7})|(\w+));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return entities[String(name)] ?? whole;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(String(hex), 16);
    return code > 0x10ffff ? whole : String.fromCodePoint(code);
  });
}
