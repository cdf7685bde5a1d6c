const element = (id) => document.getElementById(id);
const [form, text, status, progress] = ["form", "text", "status", "progress"].map(element);
const [generate, stop] = [element("generate"), element("stop")];

let worker = startWorker();

form.addEventListener("submit", (event) => {
  event.preventDefault();
  text.textContent = element("prompt").value;
  status.textContent = "Generating …";
  generate.disabled = true;
  stop.disabled = false;
  worker.postMessage({
    prompt: element("prompt").value,
    letters: element("letters").valueAsNumber,
    seed: element("seed").valueAsNumber,
  });
});

// A worker in the middle of a call hears nothing: it is ended, and another one loads the module again.
stop.addEventListener("click", () => {
  worker.terminate();
  worker = startWorker();
  status.textContent = "Stopped.";
});

function startWorker() {
  const started = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  generate.disabled = true;
  stop.disabled = true;
  started.addEventListener("message", ({ data }) => receive[data.type](data));
  started.addEventListener("error", ({ message }) => receive.failed({ message }));
  return started;
}

const receive = {
  progress({ loaded, total }) {
    // Without a total the bar shows that something happens, and not how far it is.
    if (total === undefined) progress.removeAttribute("value");
    else progress.value = loaded / total;
    progress.dataset.loaded = loaded;
  },
  loaded({ milliseconds, toolchain, letters, imports }) {
    generate.disabled = false;
    element("figures").replaceChildren(
      ...list({
        "Made by": `${toolchain.name} ${toolchain.version}`,
        Loaded: `${(Number(progress.dataset.loaded) / 1000).toFixed(1)} kB in ${milliseconds.toFixed(0)} ms`,
        Alphabet: `${letters} letters`,
        Imports: `${imports.length}, of them ${imports.filter(({ provider }) => provider === "stub").length} stubs`,
      }),
    );
    element("imports").replaceChildren(
      ...imports.map(({ module, name, provider, evidence }) => row(`${module}.${name}`, provider, evidence)),
    );
  },
  text: ({ text: more }) => text.append(more),
  done({ milliseconds }) {
    const letters = text.textContent.length - element("prompt").value.length;
    status.textContent = `${letters} letters in ${milliseconds.toFixed(0)} ms.`;
    generate.disabled = false;
    stop.disabled = true;
  },
  failed({ message, isLoaded = false }) {
    status.textContent = message;
    generate.disabled = !isLoaded;
    stop.disabled = true;
  },
};

function list(figures) {
  return Object.entries(figures).flatMap(([name, value]) => [create("dt", name), create("dd", value)]);
}

function row(...cells) {
  const made = document.createElement("tr");
  made.append(...cells.map((cell) => create("td", cell)));
  return made;
}

function create(tag, content) {
  const made = document.createElement(tag);
  made.textContent = content;
  return made;
}
