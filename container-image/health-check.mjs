// Docker runs this in the container once a second: it loads nothing but node:http, which takes a few milliseconds.
const { get } = process.getBuiltinModule("node:http");

// In Kubernetes, an address is that of a service named localemu.
const { LOCALEMU_PORT = "" } = process.env;
const port = /^\d+$/.test(LOCALEMU_PORT) ? LOCALEMU_PORT : "4566";
get({ host: "127.0.0.1", port, path: "/_localemu/health/ready", agent: false }, (response) => {
  process.exit(response.statusCode === 200 ? 0 : 1);
}).on("error", (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
