// What Piscina's workers run.
"use strict";
const { threadId } = require("node:worker_threads");

module.exports.increment = (x) => x + 1;
module.exports.thread = () => threadId;
