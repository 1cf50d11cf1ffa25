// The floor of the benchmark "jsonata": the JSONata package on the cases that it reads from its input, one JSON object a line with the name,
// the expression, the text of the document, the expected result, and how many milliseconds to measure. Answers each with evaluations/s.
'use strict';

const jsonata = require(process.argv[2]);
const { performance } = require('perf_hooks');

const BATCH = 20;

async function measure({ expression, document, expected, milliseconds }) {
  const compiled = jsonata(expression);
  const input = JSON.parse(document);
  const result = JSON.stringify(await compiled.evaluate(input));
  if (result !== expected) {
    throw new Error(`${expression} gave ${result.slice(0, 200)}`);
  }
  const run = async duration => {
    const start = performance.now();
    let count = 0;
    do {
      for (let i = 0; i < BATCH; i++) {
        await compiled.evaluate(input);
      }
      count += BATCH;
    } while (performance.now() - start < duration);
    return (count * 1000) / (performance.now() - start);
  };
  await run(milliseconds / 2);
  return run(milliseconds);
}

(async () => {
  for await (const line of require('readline').createInterface({ input: process.stdin })) {
    process.stdout.write(`${await measure(JSON.parse(line))}\n`);
  }
})();
