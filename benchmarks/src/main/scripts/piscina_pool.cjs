// A pool of Piscina's. Answers lines: "CASE N" on stdin, one number or "error: ..." on stdout.
"use strict";
const path = require("node:path");
const readline = require("node:readline");
const { Piscina } = require("piscina");

const WORKERS = 2;
const options = {
  filename: path.join(__dirname, "piscina_tasks.cjs"),
  minThreads: WORKERS,
  maxThreads: WORKERS,
};

const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);

const cases = {
  async "round-trip"(pool, n) {
    let total = 0;
    for (let i = 0; i < n; i++) total += await pool.run(i, { name: "increment" });
    return total;
  },

  async "one-by-one"(pool, n) {
    return sum(await Promise.all(Array.from({ length: n }, (_, i) => pool.run(i, { name: "increment" }))));
  },

  /** In nanoseconds, until each of the workers has answered. */
  async start() {
    const begin = process.hrtime.bigint();
    const pool = new Piscina(options);
    const seen = new Set();
    while (seen.size < WORKERS) {
      const ids = await Promise.all(Array.from({ length: WORKERS }, () => pool.run(0, { name: "thread" })));
      ids.forEach((id) => seen.add(id));
    }
    const took = process.hrtime.bigint() - begin;
    await pool.destroy();
    return took;
  },
};

async function main(kind) {
  const pool = kind === "pool" ? new Piscina(options) : undefined;
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const [name, n] = line.split(" ");
    try {
      console.log(String(await cases[name](pool, Number(n))));
    } catch (e) {
      console.log(`error: ${e}`.replaceAll("\n", " "));
    }
  }
  await pool?.destroy();
}

main(process.argv[2]);
