const { basename } = require("node:path");

exports.handler = async ({ id }) => ({ id, name: basename("a/b") });
