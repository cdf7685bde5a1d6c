/** A real HTTP exchange between undici and node:http: the bytes on the wire in both directions, and how each side read them. */
import { Buffer } from "node:buffer";
import http from "node:http";
import net from "node:net";
import { buffer } from "node:stream/consumers";
import { inputBytes, requirePackage } from "../modules.mjs";

/**
 * Runs the exchange through a proxy that records the wire.
 *
 * @returns {Promise<object>} `wire` in base64, `requests` as node:http read them and `responses` as undici's parser did.
 */
export async function httpAnswers() {
  const requests = [];
  const server = http.createServer((request, response) => serve(request, response, requests));
  const wire = { requests: [], responses: [] };
  const proxy = net.createServer((socket) => {
    const upstream = net.connect(server.address().port, "127.0.0.1");
    socket.on("data", (chunk) => wire.requests.push(chunk)).pipe(upstream);
    upstream.on("data", (chunk) => wire.responses.push(chunk)).pipe(socket);
  });
  await Promise.all([server, proxy].map((each) => new Promise((done) => each.listen(0, "127.0.0.1", done))));
  try {
    const responses = await converse(`http://127.0.0.1:${proxy.address().port}`);
    const base64 = (chunks) => Buffer.concat(chunks).toString("base64");
    return { wire: { requests: base64(wire.requests), responses: base64(wire.responses) }, requests, responses };
  } finally {
    proxy.close();
    server.close();
  }
}

/** All on one connection, which the last request closes. */
async function converse(origin) {
  const { Client } = requirePackage("undici");
  const client = new Client(origin);
  const text = await inputBytes("README.md");
  async function* pieces() {
    for (let at = 0; at < text.length; at += 1009) yield text.subarray(at, at + 1009);
  }
  const asked = [
    { path: "/plain", method: "GET" },
    { path: "/chunked?with=trailers", method: "GET", headers: { accept: "text/*;q=0.5, */*;q=0.1", te: "trailers" } },
    { path: "/echo", method: "POST", body: text, headers: { "content-type": "text/markdown" } },
    { path: "/echo", method: "PUT", body: pieces() },
    { path: "/hints", method: "GET", headers: { cookie: "a=1; b=2", "x-latin": "caf\u00e9" } },
    { path: "/empty", method: "DELETE" },
    { path: "/unchanged", method: "GET" },
    { path: "/absent", method: "OPTIONS", reset: true },
  ];
  const responses = [];
  for (const options of asked) await dispatch(client, options, responses);
  await client.close();
  return responses;
}

function dispatch(client, options, responses) {
  return new Promise((resolve, reject) => {
    client.dispatch(options, {
      onRequestStart() {},
      onResponseStart(controller, status, _headers, statusText) {
        responses.push({ status, statusText, headers: controller.rawHeaders.map(latin1), trailers: [], body: "" });
      },
      onResponseData(_controller, chunk) {
        const response = responses.at(-1);
        response.body = Buffer.concat([Buffer.from(response.body, "base64"), chunk]).toString("base64");
      },
      onResponseEnd(controller) {
        responses.at(-1).trailers = (controller.rawTrailers ?? []).map(latin1);
        resolve();
      },
      onResponseError: (_controller, error) => reject(error),
    });
  });
}

async function serve(request, response, requests) {
  const body = await buffer(request);
  const { method, url, rawHeaders } = request;
  requests.push({ method, url, headers: rawHeaders, body: body.toString("base64") });
  const text = await inputBytes("README.md");
  const path = url.split("?")[0];
  if (path === "/plain") response.setHeader("Content-Type", "text/markdown; charset=utf-8").end(text);
  else if (path === "/echo") response.writeHead(201, "Created Again", { Location: "/made" }).end(body);
  else if (path === "/empty") response.writeHead(204).end();
  else if (path === "/unchanged") response.writeHead(304, { ETag: '"v1"' }).end();
  else if (path === "/absent") response.writeHead(404, { "X-Empty": "" }).end("Nothing here.\n");
  else if (path === "/hints") {
    await new Promise((done) => response.writeEarlyHints({ link: "</style.css>; rel=preload" }, done));
    response.writeHead(200, { "Set-Cookie": ["a=1; Path=/", "b=2; HttpOnly"], "X-Latin": "caf\u00e9" }).end("{}");
  } else {
    response.writeHead(200, { Trailer: "X-Sum, X-Count" });
    for (let at = 0; at < text.length; at += 4001) response.write(text.subarray(at, at + 4001));
    response.addTrailers({ "X-Sum": "c0ffee", "X-Count": "2" });
    response.end();
  }
}

function latin1(value) {
  return Buffer.from(value).toString("latin1");
}
