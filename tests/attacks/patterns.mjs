// Reads [[source, flags, [unit, ...]], ...] and says which expressions need more than 100 ms for 100 KB of a unit.
import { readFileSync } from "node:fs";

const SIZE = 100_000;
const MOST = 100;
const slow = [];

/** @param {RegExp} pattern @param {string} text */
function milliseconds(pattern, text) {
  const begun = process.cpuUsage();
  text.replace(pattern, "");
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1000;
}

for (const [source, flags, units] of JSON.parse(readFileSync(0, "utf8"))) {
  const pattern = new RegExp(source, flags.includes("g") || flags.includes("y") ? flags : `${flags}g`);
  for (const unit of units) {
    const body = unit.repeat(SIZE / unit.length);
    for (const text of [body, `${body}\u0001`]) {
      if (milliseconds(pattern, text) > MOST && milliseconds(pattern, text) > MOST) slow.push([source, unit]);
    }
  }
}
console.log(JSON.stringify(slow));
