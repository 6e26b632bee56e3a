// The program of the comparison on Express, in a cluster of two processes: `node server.js PORT`.

import cluster from "node:cluster";
import express from "express";

const PROCESSES = 2;

function program() {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.get("/plaintext", (_request, response) => {
    response.type("text/plain").send("Hello, World!");
  });
  app.get("/health", (_request, response) => {
    response.json({ status: "up" });
  });
  app.get("/users/:id", (request, response) => {
    response.json({ user_id: request.params.id });
  });
  app.post("/echo", express.raw({ type: () => true }), (request, response) => {
    response.type("application/octet-stream").send(request.body);
  });
  // A timer holds no thread, and neither does a query of a database.
  app.get("/sleep", (_request, response) => {
    setTimeout(() => response.type("text/plain").send("slept"), 50);
  });
  return app;
}

if (cluster.isPrimary) {
  process.on("SIGTERM", () => process.exit());
  for (let i = 0; i < PROCESSES; i++) cluster.fork();
} else {
  process.on("disconnect", () => process.exit());
  const server = program().listen({ port: Number(process.argv[2]), host: "127.0.0.1", backlog: 4096 });
  server.keepAliveTimeout = 75_000;
}
