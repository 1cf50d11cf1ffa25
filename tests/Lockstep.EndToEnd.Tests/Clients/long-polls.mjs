// Polls for activity tasks with @aws-sdk/client-sfn, and gives up polls.
// node long-polls.mjs PACKAGE-FOLDER ENDPOINT ACCESS-KEY-ID SECRET MODE; the modes are below. The server lets a tenant wait with 5 polls at a time.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import assert from "node:assert/strict";

const [folder, endpoint, accessKeyId, secretAccessKey, mode] = process.argv.slice(2);
const sfn = createRequire(folder + "/")("@aws-sdk/client-sfn");
const client = new sfn.SFNClient({ endpoint, region: "eu-central-1", credentials: { accessKeyId, secretAccessKey }, disableHostPrefix: true, maxAttempts: 1 });
const places = 5;
const activity = name => `arn:aws:states:local:000000000001:activity:${name}`;
const send = (operation, input, options) => client.send(new sfn[operation + "Command"](input), options);
const pause = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));

async function machineOf(name) {
  await send("CreateActivity", { name });
  const definition = JSON.stringify({ StartAt: "T", States: { T: { Type: "Task", Resource: activity(name), End: true } } });
  return (await send("CreateStateMachine", { name, definition, roleArn: "arn:aws:iam::000000000001:role/any" })).stateMachineArn;
}

// A poll that has a place: while the places are taken it asks again.
async function pollWithPlace(name, abortSignal) {
  for (let attempt = 0; attempt < 20_000; attempt++) {
    try {
      return await send("GetActivityTask", { activityArn: activity(name) }, { abortSignal });
    } catch (error) {
      if (error.name !== "ActivityWorkerLimitExceeded") throw error;
      await pause(5);
    }
  }
  assert.fail("No place became free.");
}

// Waits until every place is taken: then one poll more is refused. One that is not refused takes a place itself, and is given up.
async function untilEveryPlaceIsTaken(name) {
  for (let attempt = 0; attempt < 60; attempt++) {
    const probe = new AbortController();
    const refused = send("GetActivityTask", { activityArn: activity(name) }, { abortSignal: probe.signal }).then(() => false, error => error.name === "ActivityWorkerLimitExceeded");
    if (await Promise.race([refused, pause(Math.min(100 * (attempt + 1), 2000)).then(() => false)])) return;
    probe.abort();
    await refused;
  }
  assert.fail("A place stays free.");
}

const modes = {
  // Waits in a process of its own, which is killed.
  async wait() {
    await pollWithPlace("cancelled");
  },

  // Clients give up their polls, by closing the connection and by dying; then as many tasks come as polls were given up. None of them is lost.
  async cancelled() {
    const stateMachineArn = await machineOf("cancelled");
    for (let round = 0; round < 5; round++) {
      const dying = spawn(process.execPath, [fileURLToPath(import.meta.url), folder, endpoint, accessKeyId, secretAccessKey, "wait"], { stdio: "inherit" });
      const dead = new Promise(resolve => dying.on("exit", (code, signal) => resolve(signal)));
      const leaving = new AbortController();
      const left = Array.from({ length: places - 1 }, () =>
        assert.rejects(pollWithPlace("cancelled", leaving.signal), { name: "AbortError" }));
      await untilEveryPlaceIsTaken("cancelled");
      leaving.abort();
      dying.kill("SIGKILL");
      await Promise.all(left);
      assert.equal(await dead, "SIGKILL");

      // Whoever gets a place now got it from one who left; so everybody has left when all of them have one.
      const polls = Array.from({ length: places }, () => pollWithPlace("cancelled"));
      await untilEveryPlaceIsTaken("cancelled");
      const inputs = Array.from({ length: places }, (_, i) => JSON.stringify({ round, i }));
      const started = await Promise.all(inputs.map(input => send("StartExecution", { stateMachineArn, input })));
      const tasks = await Promise.all(polls);
      assert.deepEqual(tasks.map(task => task.input).sort(), inputs);
      await Promise.all(tasks.map(task => send("SendTaskSuccess", { taskToken: task.taskToken, output: task.input })));
      for (const { executionArn } of started) {
        let status = "RUNNING";
        for (let attempt = 0; status === "RUNNING" && attempt < 2000; attempt++) ({ status } = await send("DescribeExecution", { executionArn }));
        assert.equal(status, "SUCCEEDED");
      }
    }
  },

  // A poll that nothing comes for ends after 60 seconds; one that waits gets what comes after half of them at once.
  async minute() {
    await machineOf("idle");
    const stateMachineArn = await machineOf("late");
    const begin = performance.now();
    const seconds = () => (performance.now() - begin) / 1000;
    const idle = send("GetActivityTask", { activityArn: activity("idle") }).then(task => ({ task, after: seconds() }));
    const late = send("GetActivityTask", { activityArn: activity("late") }).then(task => ({ task, after: seconds() }));
    await pause(30_000);
    await send("StartExecution", { stateMachineArn, input: '{"late":true}' });
    const got = await late;
    assert.equal(got.task.input, '{"late":true}');
    assert.ok(got.after >= 30 && got.after < 35, `The task that came after 30 s was handed over after ${got.after} s.`);
    await send("SendTaskSuccess", { taskToken: got.task.taskToken, output: "{}" });
    const none = await idle;
    assert.ok(!none.task.taskToken, "There was no task.");
    assert.ok(none.after >= 60 && none.after < 65, `The empty poll ended after ${none.after} s.`);
    console.log(`late task after ${got.after.toFixed(3)} s, empty poll after ${none.after.toFixed(3)} s`);
  },
};

await modes[mode]();
client.destroy();
