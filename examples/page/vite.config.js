import compression from "compression";

const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:";

/** Compresses what it serves and forbids what the page does not need, as a server in production does. */
const likeProduction = {
  name: "like-production",
  configurePreviewServer({ middlewares }) {
    middlewares.use((request, response, next) => {
      response.setHeader("Content-Security-Policy", policy);
      next();
    });
    middlewares.use(compression({ filter: () => true }));
  },
};

export default {
  // The model and the module are files of their own, whatever their size.
  build: { assetsInlineLimit: 0 },
  assetsInclude: ["**/*.rlm"],
  worker: { format: "es" },
  plugins: [likeProduction],
};
