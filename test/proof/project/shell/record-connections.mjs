/**
 * Preloaded into every process of a run: writes down each connection and each look-up of a name that is tried, to the file that
 * RECORDED_CONNECTIONS names, and lets none leave this machine.
 */
import { appendFileSync } from "node:fs";
import { createRequire, syncBuiltinESMExports } from "node:module";

const require = createRequire(import.meta.url);
const net = require("node:net");
const dns = require("node:dns");
const dgram = require("node:dgram");

function record(what) {
  appendFileSync(process.env.RECORDED_CONNECTIONS, `${what}\n`);
}

const connectSocket = net.Socket.prototype.connect;
net.Socket.prototype.connect = function connect(...args) {
  const [first] = args;
  const target = Array.isArray(first) ? first[0] : first;
  const {
    host = "localhost",
    port,
    path,
  } = typeof target === "object" && target !== null
    ? target
    : typeof target === "number" || /^\d+$/.test(target)
      ? { port: target, host: typeof args[1] === "string" ? args[1] : undefined }
      : { path: target };
  if (path !== undefined && path !== null) return Reflect.apply(connectSocket, this, args);
  record(`connect ${host}:${port}`);
  if (host === "127.0.0.1") return Reflect.apply(connectSocket, this, args);
  process.nextTick(() => this.destroy(new Error(`no network: ${host}:${port}`)));
  return this;
};

const { isIP } = net;
const { lookup } = dns;
dns.lookup = function recorded(name, ...rest) {
  if (isIP(name) === 0) record(`lookup ${name}`);
  return lookup(name, ...rest);
};
const { lookup: promised } = dns.promises;
dns.promises.lookup = function recorded(name, ...rest) {
  if (isIP(name) === 0) record(`lookup ${name}`);
  return promised(name, ...rest);
};
for (const name of Object.keys(dns).filter((key) => /^resolve|^reverse$/.test(key))) {
  const resolve = dns[name];
  dns[name] = (of, ...rest) => {
    record(`lookup ${of}`);
    return resolve(of, ...rest);
  };
}

const { send } = dgram.Socket.prototype;
dgram.Socket.prototype.send = function recorded(...args) {
  record(`datagram ${args.slice(1).join(" ")}`);
  return Reflect.apply(send, this, args);
};

syncBuiltinESMExports();
