// Makes one site of pages and reference with TypeDoc: addresses after the files, a navigation by section, and the markup that
// a keyboard, a screen reader or a narrow screen needs.
import { readFileSync } from "node:fs";
import { basename, relative } from "node:path";
import { Converter, DefaultTheme, DefaultThemeRenderContext, JSX, KindRouter, PageEvent } from "typedoc";
import { sections } from "./pages.mjs";

const entryPoints = JSON.parse(readFileSync(new URL("../entry-points.json", import.meta.url), "utf8"));
const pages = sections.flatMap(({ pages }) => pages);
const element = JSX.createElement;

/** Wraps tables so that they scroll, also by keyboard. A cell without text heads nothing. */
export function loadMarkdown(parser) {
  const { rules } = parser.renderer;
  rules.table_open = () => '<div class="table" tabindex="0"><table>';
  rules.table_close = () => "</table></div>";
  rules.th_open = (tokens, at, options, _, self) => {
    if (!tokens[at + 1].content) tokens[at].tag = tokens[at + 2].tag = "td";
    return self.renderToken(tokens, at, options);
  };
}

/** @param {import("typedoc").Application} app */
export function load(app) {
  /** The file of each document, without its ending. */
  const fileOf = new Map();
  /** The document of each file. */
  const documentOf = new Map();

  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const document of project.documents ?? []) {
      const path = relative(import.meta.dirname, project.files.getReflectionPath(document) ?? "");
      const file = path.replaceAll("\\", "/").replace(/\.md$/, "");
      fileOf.set(document, file);
      documentOf.set(file, document);
      document.name = pages.find(([page]) => page === file)?.[1] ?? document.name;
      // The search shows ten results, and the reference has hundreds of names.
      document.relevanceBoost = 20;
    }
    for (const module of project.children ?? []) {
      module.name = entryPoints.find(({ source }) => source === `src/${module.name}.ts`)?.import ?? module.name;
    }
  });

  // After the categories have been made: their members by kind, as they are, and by name.
  app.converter.on(
    Converter.EVENT_RESOLVE_END,
    ({ project }) => {
      for (const { children } of (project.children ?? []).flatMap(({ categories = [] }) => categories)) {
        const kinds = [...new Set(children.map(({ kind }) => kind))];
        children.sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || a.name.localeCompare(b.name));
      }
    },
    -1000,
  );

  app.renderer.defineRouter(
    "site",
    class extends KindRouter {
      getIdealBaseName(reflection) {
        const file = fileOf.get(reflection);
        if (file === undefined) return super.getIdealBaseName(reflection);
        return file.startsWith("../") ? basename(file).toLowerCase() : file;
      }
    },
  );

  class Context extends DefaultThemeRenderContext {
    constructor(...args) {
      super(...args);
      const { documentTemplate } = this;
      this.navigation = () => {
        const parts = [this.#pages(), this.#reference()];
        return element("div", { class: "site" }, ...(this.#isReference() ? parts.reverse() : parts));
      };
      this.documentTemplate = (page) =>
        element(JSX.Fragment, null, documentTemplate(page), this.#neighbours(page.model));
    }

    #link(reflection, name, current = reflection === this.model) {
      return element("a", { href: this.urlTo(reflection), class: current ? "current" : "" }, name);
    }

    #isReference() {
      return this.page.url !== "index.html" && !fileOf.has(this.model);
    }

    #pages() {
      const isStart = this.page.url === "index.html";
      const start = element("a", { href: this.relativeURL("index.html"), class: isStart ? "current" : "" }, "Start");
      const groups = sections.map(({ title, pages }) => {
        const links = pages.map(([file, name]) => element("li", null, this.#link(documentOf.get(file), name)));
        const isOpen =
          !(title === "Appendix" || this.#isReference()) || pages.some(([file]) => documentOf.get(file) === this.model);
        return element("details", { open: isOpen }, element("summary", null, title), element("ul", null, ...links));
      });
      return element("nav", { "aria-label": "Pages" }, start, ...groups);
    }

    /** The entry points, and what the current one has. */
    #reference() {
      const path = [this.model];
      while (path[0].parent) path.unshift(path[0].parent);
      const [, current] = path;
      const modules = (this.page.project.children ?? []).map((module) => {
        return element(
          "li",
          null,
          this.#link(module, module.name),
          ...(module === current ? (module.categories ?? []) : []).map(({ title, children }) => {
            const links = children.map((member) =>
              element("li", null, this.#link(member, member.name, path.includes(member))),
            );
            return element(
              "details",
              { open: children.some((member) => path.includes(member)) },
              element("summary", null, title),
              element("ul", null, ...links),
            );
          }),
        );
      });
      return element(
        "nav",
        { "aria-label": "Reference" },
        element("p", null, "Reference"),
        element("ul", null, ...modules),
      );
    }

    #neighbours(document) {
      const at = pages.findIndex(([file]) => documentOf.get(file) === document);
      const [before, after] = [pages[at - 1], pages[at + 1]];
      return element(
        "nav",
        { class: "turn", "aria-label": "Previous and next page" },
        before && element("span", null, "← ", this.#link(documentOf.get(before[0]), before[1])),
        after && element("span", null, this.#link(documentOf.get(after[0]), after[1]), " →"),
      );
    }
  }

  app.renderer.defineTheme(
    "site",
    class extends DefaultTheme {
      ContextClass = Context;
    },
  );

  // The default theme has too few landmarks, skips levels of headings, and puts links inside of what opens a section.
  app.renderer.on(PageEvent.END, (page) => {
    page.contents = page.contents
      ?.replace('<div class="col-content">', '<div class="col-content" role="main">')
      .replace('<div class="page-menu">', '<div class="page-menu" role="complementary" aria-label="This page">')
      .replaceAll("<pre>", '<pre tabindex="0">')
      .replaceAll(/<h3>(Settings|On This Page)<\/h3>/g, "<h2>$1</h2>")
      .replaceAll(/<summary.*?<\/summary>/gs, (summary) =>
        summary.replaceAll(/<a [^>]*class="tsd-anchor-icon".*?<\/a>/gs, ""),
      );
  });
}
