// Evaluates expressions with the JSONata package, as the other side of DifferentialTests: one JSON object {e, d} a line in, with the
// expression and the text of the document; one a line out: {v} with the value, {} without one, {c, m, p} with the code, the message and the place of a
// failure. A worker does it, because nothing but ending its thread stops an expression on which the package does not come to an end. Each expression gets
// the package as it is when it has just been loaded: it notes on its functions what they were last called as, and would show that in later failures.
'use strict';

const fs = require('fs');
const Module = require('module');
const vm = require('vm');
const { Worker, isMainThread, parentPort, workerData } = require('worker_threads');

const LONGEST_EVALUATION_MS = 3000;

function loader(folder) {
  const file = require.resolve(folder);
  const compiled = new vm.Script(Module.wrap(fs.readFileSync(file, 'utf8')), { filename: file }).runInThisContext();
  return () => {
    const loaded = { exports: {} };
    compiled(loaded.exports, Module.createRequire(file), loaded, file, folder);
    return loaded.exports;
  };
}

async function answer(load, line) {
  const { e, d } = JSON.parse(line);
  try {
    const value = await load()(e).evaluate(JSON.parse(d));
    const text = JSON.stringify(value);
    return text === undefined ? '{}' : `{"v":${text}}`;
  } catch (error) {
    return JSON.stringify({ c: error.code || `uncoded ${error.name}`, m: error.message, p: error.position });
  }
}

function ask(worker, line) {
  return new Promise(resolve => {
    const timer = setTimeout(() => resolve(null), LONGEST_EVALUATION_MS);
    worker.once('message', text => {
      clearTimeout(timer);
      resolve(text);
    });
    worker.postMessage(line);
  });
}

async function main() {
  const start = () => new Worker(__filename, { workerData: process.argv[2] });
  let worker = start();
  const lines = require('readline').createInterface({ input: process.stdin, crlfDelay: Infinity });
  for await (const line of lines) {
    let text = await ask(worker, line);
    if (text === null) {
      await worker.terminate();
      worker = start();
      text = '{"c":"uncoded: no end"}';
    }
    process.stdout.write(`${text}\n`);
  }
  await worker.terminate();
}

if (isMainThread) {
  main();
} else {
  const load = loader(workerData);
  parentPort.on('message', async line => parentPort.postMessage(await answer(load, line)));
}
