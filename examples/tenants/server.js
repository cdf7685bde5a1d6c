import { createApp } from "./app.js";
import { settings } from "./settings.js";

const app = await createApp(settings);
await app.listen({ port: settings.port, host: settings.host });

// Refuses new connections, ends every answer that was begun, and then the threads. Nothing keeps the process alive then.
for (const signal of ["SIGTERM", "SIGINT"]) {
  process.once(signal, () => {
    app.log.info({ signal }, "closing");
    void app.close();
  });
}
