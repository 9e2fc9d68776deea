// Docker runs this in the container once a second: it loads nothing but node:http, which takes a few milliseconds.
const { get } = process.getBuiltinModule("node:http");

const port = process.env["LOCALEMU_PORT"] || "4566";
get({ host: "127.0.0.1", port, path: "/_localemu/health/ready", agent: false }, (response) => {
  process.exit(response.statusCode === 200 ? 0 : 1);
}).on("error", (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
