// Drives a running server with @aws-sdk/client-sfn: every operation at least once well and once refused. The last line tells which.
// node client-sfn.mjs PACKAGE-FOLDER ENDPOINT API-KEY ACCESS-KEY-ID SECRET
import { createRequire } from "node:module";
import assert from "node:assert/strict";

const [folder, endpoint, apiKey, accessKeyId, secretAccessKey] = process.argv.slice(2);
const sfn = createRequire(folder + "/")("@aws-sdk/client-sfn");
const client = clientWith({ accessKeyId, secretAccessKey });
const account = "arn:aws:states:local:000000000001";
const roleArn = "arn:aws:iam::000000000001:role/any";
const good = new Set();
const refused = new Set();

function clientWith(credentials) {
  return new sfn.SFNClient({ endpoint, region: "eu-central-1", credentials, disableHostPrefix: true, maxAttempts: 1 });
}

async function ok(operation, input, options) {
  const output = await client.send(new sfn[operation + "Command"](input), options);
  assert.equal(output.$metadata.httpStatusCode, 200);
  assert.ok(output.$metadata.requestId);
  good.add(operation);
  return output;
}

async function no(operation, input, name, message, through = client) {
  await assert.rejects(through.send(new sfn[operation + "Command"](input)), error => {
    assert.ok(error instanceof sfn.SFNServiceException, String(error));
    assert.equal(error.name, name, `${operation}: ${error.name}: ${error.message}`);
    if (message) assert.match(error.message, message);
    refused.add(operation);
    return true;
  });
}

async function rest(method, path, body) {
  const answer = await fetch(new URL(path, endpoint), {
    method, headers: { Authorization: `Bearer ${apiKey}`, "Content-Type": "application/json" }, body: body && JSON.stringify(body),
  });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
  return answer.status === 204 ? undefined : answer.json();
}

async function until(description, look) {
  for (let i = 0; i < 2000; i++) {
    const found = await look();
    if (found) return found;
    await new Promise(resolve => setImmediate(resolve));
  }
  assert.fail(`It has not come to ${description}.`);
}

const ended = executionArn => until("an end", async () => {
  const execution = await client.send(new sfn.DescribeExecutionCommand({ executionArn }));
  return execution.status === "RUNNING" ? undefined : execution;
});

const pass = JSON.stringify({ StartAt: "A", States: { A: { Type: "Pass", Assign: { who: "x" }, Next: "B" }, B: { Type: "Pass", Parameters: { "hello.$": "$who" }, End: true } } });
const other = pass.replace('"x"', '"y"');
const wait = JSON.stringify({ StartAt: "W", States: { W: { Type: "Wait", Seconds: 3600, End: true } } });
const traceHeader = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";
const missing = kind => `${account}:${kind}:missing`;

const sections = {
  async stateMachines() {
    const create = { name: "machine", definition: pass, roleArn, tags: [{ key: "team", value: "blue" }] };
    const { stateMachineArn, creationDate } = await ok("CreateStateMachine", create);
    assert.equal(stateMachineArn, `${account}:stateMachine:machine`);
    assert.ok(Math.abs(creationDate - Date.now()) < 60_000);
    assert.deepEqual((await ok("CreateStateMachine", create)).creationDate, creationDate);
    await no("CreateStateMachine", { ...create, definition: other }, "StateMachineAlreadyExists", /^State Machine Already Exists: 'arn/);
    await no("CreateStateMachine", { ...create, name: "a b" }, "InvalidName");
    await no("CreateStateMachine", { ...create, name: "n".repeat(81) }, "ValidationException", /^1 validation error detected: Value 'n{81}' at 'name' failed/);
    await no("CreateStateMachine", { ...create, name: "bad", definition: "{}" }, "InvalidDefinition",
      /^Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: .* at \/'$/);
    await no("CreateStateMachine", { ...create, name: "logs", loggingConfiguration: { level: "ALL" } }, "InvalidLoggingConfiguration",
      /^Invalid Logging Configuration: Must specify exactly one Log Destination\.$/);
    await no("CreateStateMachine", { ...create, name: "kms", encryptionConfiguration: { type: "CUSTOMER_MANAGED_KMS_KEY", kmsKeyId: "k" } }, "InvalidEncryptionConfiguration");
    assert.deepEqual((await ok("ListTagsForResource", { resourceArn: stateMachineArn })).tags, [{ key: "team", value: "blue" }]);
    await ok("TagResource", { resourceArn: stateMachineArn, tags: [{ key: "team", value: "red" }, { key: "cost", value: "" }] });
    await ok("UntagResource", { resourceArn: stateMachineArn, tagKeys: ["cost", "none"] });
    assert.deepEqual((await ok("ListTagsForResource", { resourceArn: stateMachineArn })).tags, [{ key: "team", value: "red" }]);
    const many = Array.from({ length: 51 }, (_, i) => ({ key: `k${i}`, value: "v" }));
    await no("TagResource", { resourceArn: stateMachineArn, tags: many }, "TooManyTags");
    await no("UntagResource", { resourceArn: missing("stateMachine"), tagKeys: ["a"] }, "ResourceNotFound");
    await no("ListTagsForResource", { resourceArn: missing("activity") }, "ResourceNotFound");
    const tagged = await ok("CreateActivity", { name: "tagged", tags: [{ key: "a", value: "b" }] });
    assert.deepEqual((await ok("ListTagsForResource", { resourceArn: tagged.activityArn })).tags, [{ key: "a", value: "b" }]);
    await ok("DeleteActivity", { activityArn: tagged.activityArn });
    const described = await ok("DescribeStateMachine", { stateMachineArn });
    assert.deepEqual(
      [described.name, described.status, described.type, described.roleArn, described.definition, described.variableReferences],
      ["machine", "ACTIVE", "STANDARD", roleArn, pass, { B: ["who"] }]);
    assert.equal((await ok("DescribeStateMachine", { stateMachineArn, includedData: "METADATA_ONLY" })).definition, "{}");
    await no("DescribeStateMachine", { stateMachineArn: missing("stateMachine") }, "StateMachineDoesNotExist", /^State Machine Does Not Exist: 'arn/);
    await no("DescribeStateMachine", { stateMachineArn: "machine" }, "InvalidArn", /^Invalid Arn: 'Invalid ARN prefix: machine'$/);
    await no("DescribeStateMachine", { stateMachineArn: `${account}:activity:a` }, "InvalidArn", /Resource type not valid in this context: activity/);
    await no("DescribeStateMachine", { stateMachineArn: stateMachineArn.replace("000000000001", "000000000002") }, "AccessDeniedException");
    const updated = await ok("UpdateStateMachine", { stateMachineArn, definition: other });
    assert.notEqual(updated.revisionId, described.revisionId);
    await no("UpdateStateMachine", { stateMachineArn }, "MissingRequiredParameter");
    await no("UpdateStateMachine", { stateMachineArn: stateMachineArn + ":2", roleArn }, "StateMachineDoesNotExist");
    await ok("CreateStateMachine", { ...create, name: "second" });
    const first = await ok("ListStateMachines", { maxResults: 1 });
    const next = await ok("ListStateMachines", { maxResults: 1, nextToken: first.nextToken });
    assert.notEqual(first.stateMachines[0].name, next.stateMachines[0].name);
    await no("ListStateMachines", { nextToken: "forged" }, "InvalidToken");
    await no("ListStateMachines", { maxResults: 1001 }, "ValidationException");
    await ok("DeleteStateMachine", { stateMachineArn: `${account}:stateMachine:second` });
    await ok("DeleteStateMachine", { stateMachineArn: missing("stateMachine") });
    await no("DeleteStateMachine", { stateMachineArn: "x" }, "InvalidArn");
  },

  async definitions() {
    assert.equal((await ok("ValidateStateMachineDefinition", { definition: pass })).result, "OK");
    const wrong = await ok("ValidateStateMachineDefinition", { definition: '{"StartAt":"A"}' });
    assert.deepEqual([wrong.result, wrong.diagnostics[0].severity, wrong.diagnostics[0].code], ["FAIL", "ERROR", "SCHEMA_VALIDATION_FAILED"]);
    await no("ValidateStateMachineDefinition", { definition: "" }, "ValidationException");
    const tested = await ok("TestState", {
      definition: JSON.stringify({ Type: "Task", Resource: "arn:aws:states:::lambda:invoke", Parameters: { FunctionName: "f" }, ResultSelector: { "a.$": "$.Payload" }, End: true }),
      input: "{}", inspectionLevel: "DEBUG", mock: { result: '{"Payload":7,"StatusCode":200}' },
    });
    assert.deepEqual([tested.status, tested.output, tested.inspectionData.afterResultSelector], ["SUCCEEDED", '{"a":7}', '{"a":7}']);
    await no("TestState", { definition: "{}" }, "InvalidDefinition");
    await no("TestState", { definition: '{"Type":"Pass","End":true}', input: "{" }, "InvalidExecutionInput");
  },

  async executions() {
    const { stateMachineArn } = await ok("CreateStateMachine", { name: "runs", definition: pass, roleArn });
    const { executionArn } = await ok("StartExecution", { stateMachineArn, name: "one", input: '{"exact":1.50}' });
    assert.equal(executionArn, `${account}:execution:runs:one`);
    const execution = await ended(executionArn);
    assert.deepEqual(
      [execution.status, execution.input, execution.output, execution.inputDetails, execution.stateMachineArn, execution.name],
      ["SUCCEEDED", '{"exact":1.50}', '{"hello":"x"}', { included: true }, stateMachineArn, "one"]);
    const bare = await ok("DescribeExecution", { executionArn, includedData: "METADATA_ONLY" });
    assert.deepEqual([bare.input, bare.inputDetails, bare.output], [undefined, { included: false }, undefined]);
    await no("DescribeExecution", { executionArn: `${account}:execution:runs:none` }, "ExecutionDoesNotExist", /^Execution Does Not Exist: 'arn/);
    await no("StartExecution", { stateMachineArn, name: "one" }, "ExecutionAlreadyExists", /^Execution Already Exists: 'arn.*:runs:one'$/);
    await no("StartExecution", { stateMachineArn, input: "not json" }, "InvalidExecutionInput", /^Invalid State Machine Execution Input: '/);
    await no("StartExecution", { stateMachineArn: missing("stateMachine") }, "StateMachineDoesNotExist");
    await no("StartExecution", { stateMachineArn, name: "a/b" }, "InvalidName");
    await no("StartExecution", { stateMachineArn: stateMachineArn + "/label" }, "ValidationException");
    const history = await ok("GetExecutionHistory", { executionArn });
    assert.deepEqual(history.events.map(event => event.type), [
      "ExecutionStarted", "PassStateEntered", "PassStateExited", "PassStateEntered", "PassStateExited", "ExecutionSucceeded"]);
    assert.ok(history.events[0].timestamp instanceof Date);
    assert.equal(history.events[0].executionStartedEventDetails.input, '{"exact":1.50}');
    const newest = await ok("GetExecutionHistory", { executionArn, reverseOrder: true, maxResults: 1, includeExecutionData: false });
    assert.deepEqual([newest.events[0].type, newest.events[0].executionSucceededEventDetails], ["ExecutionSucceeded", {}]);
    await no("GetExecutionHistory", { executionArn: `${account}:execution:runs:none` }, "ExecutionDoesNotExist");
    await no("GetExecutionHistory", { executionArn, nextToken: newest.nextToken }, "InvalidToken");
    const of = await ok("DescribeStateMachineForExecution", { executionArn });
    assert.deepEqual([of.stateMachineArn, of.definition], [stateMachineArn, pass]);
    await no("DescribeStateMachineForExecution", { executionArn: `${account}:execution:runs:none` }, "ExecutionDoesNotExist");
    const waiting = await ok("CreateStateMachine", { name: "waits", definition: wait, roleArn });
    const open = await ok("StartExecution", { stateMachineArn: waiting.stateMachineArn, name: "w" });
    assert.deepEqual(await ok("StartExecution", { stateMachineArn: waiting.stateMachineArn, name: "w" }).then(again => again.startDate), open.startDate);
    const listed = await ok("ListExecutions", { stateMachineArn: waiting.stateMachineArn, statusFilter: "RUNNING" });
    assert.deepEqual(listed.executions.map(item => [item.name, item.status, item.stopDate]), [["w", "RUNNING", undefined]]);
    await no("ListExecutions", { stateMachineArn: missing("stateMachine") }, "StateMachineDoesNotExist");
    await no("ListExecutions", {}, "ValidationException");
    assert.ok((await ok("StopExecution", { executionArn: open.executionArn, error: "Stop", cause: "It" })).stopDate instanceof Date);
    const stopped = await ended(open.executionArn);
    assert.deepEqual([stopped.status, stopped.error, stopped.cause], ["ABORTED", "Stop", "It"]);
    await no("StopExecution", { executionArn: `${account}:execution:runs:none` }, "ExecutionDoesNotExist");
    assert.deepEqual([stopped.redriveCount, stopped.redriveStatus], [0, "REDRIVABLE"]);
    const redrive = { executionArn: open.executionArn, clientToken: "token" };
    const { redriveDate } = await ok("RedriveExecution", redrive);
    assert.deepEqual((await ok("RedriveExecution", redrive)).redriveDate, redriveDate);
    const again = await ok("DescribeExecution", { executionArn: open.executionArn });
    assert.deepEqual([again.status, again.redriveCount, again.redriveDate, again.redriveStatus, again.redriveStatusReason],
      ["RUNNING", 1, redriveDate, "NOT_REDRIVABLE", "Execution is RUNNING and cannot be redriven"]);
    await no("RedriveExecution", { executionArn }, "ExecutionNotRedrivable", /Execution is SUCCEEDED and cannot be redriven/);
    await ok("StopExecution", { executionArn: open.executionArn });
    const { executionArn: traced } = await ok("StartExecution", { stateMachineArn, traceHeader });
    assert.deepEqual([(await ended(traced)).traceHeader, (await ended(executionArn)).traceHeader], [traceHeader, undefined]);
    await no("StartExecution", { stateMachineArn, traceHeader: "x".repeat(257) }, "ValidationException", /at 'traceHeader' failed .* length less than or equal to 256/);
    await no("StartExecution", { stateMachineArn, traceHeader: "\u00e9" }, "ValidationException", /at 'traceHeader' failed .*\\p\{ASCII\}\*/);
  },

  async express() {
    const { stateMachineArn } = await ok("CreateStateMachine", { name: "express", type: "EXPRESS", definition: pass, roleArn });
    const done = await ok("StartSyncExecution", { stateMachineArn, input: "{}", traceHeader });
    assert.deepEqual([done.status, done.output, done.traceHeader, done.billingDetails.billedMemoryUsedInMB], ["SUCCEEDED", '{"hello":"x"}', traceHeader, 64]);
    assert.ok(done.billingDetails.billedDurationInMilliseconds >= 100);
    await no("StartSyncExecution", { stateMachineArn: `${account}:stateMachine:runs` }, "StateMachineTypeNotSupported");
    const { executionArn } = await ok("StartExecution", { stateMachineArn });
    await no("DescribeExecution", { executionArn }, "InvalidArn", /Resource type not valid in this context: express/);
    await no("ListExecutions", { stateMachineArn }, "StateMachineTypeNotSupported");
  },

  async versions() {
    const { stateMachineArn, stateMachineVersionArn } = await ok("CreateStateMachine", {
      name: "versioned", definition: pass, roleArn, publish: true, versionDescription: "first" });
    assert.equal(stateMachineVersionArn, stateMachineArn + ":1");
    const described = await ok("DescribeStateMachine", { stateMachineArn: stateMachineVersionArn });
    assert.deepEqual([described.stateMachineArn, described.description], [stateMachineVersionArn, "first"]);
    assert.equal((await ok("PublishStateMachineVersion", { stateMachineArn, revisionId: "INITIAL" })).stateMachineVersionArn, stateMachineVersionArn);
    await no("PublishStateMachineVersion", { stateMachineArn, revisionId: "another" }, "ConflictException");
    await no("PublishStateMachineVersion", { stateMachineArn: missing("stateMachine") }, "StateMachineDoesNotExist");
    const second = await ok("UpdateStateMachine", { stateMachineArn, definition: other, publish: true });
    assert.equal(second.stateMachineVersionArn, stateMachineArn + ":2");
    const versions = await ok("ListStateMachineVersions", { stateMachineArn });
    assert.deepEqual(versions.stateMachineVersions.map(version => version.stateMachineVersionArn), [stateMachineArn + ":2", stateMachineArn + ":1"]);
    await no("ListStateMachineVersions", { stateMachineArn: "x" }, "InvalidArn");
    const routing = (...weights) => weights.map((weight, i) => ({ stateMachineVersionArn: `${stateMachineArn}:${i + 1}`, weight }));
    const { stateMachineAliasArn } = await ok("CreateStateMachineAlias", { name: "PROD", description: "it", routingConfiguration: routing(100) });
    assert.equal(stateMachineAliasArn, stateMachineArn + ":PROD");
    await no("CreateStateMachineAlias", { name: "123", routingConfiguration: routing(100) }, "ValidationException", /regular expression pattern/);
    await no("CreateStateMachineAlias", { name: "HALF", routingConfiguration: routing(50, 40) }, "ValidationException");
    const alias = await ok("DescribeStateMachineAlias", { stateMachineAliasArn });
    assert.deepEqual([alias.name, alias.description, alias.routingConfiguration], ["PROD", "it", routing(100)]);
    await no("DescribeStateMachineAlias", { stateMachineAliasArn: stateMachineArn + ":NONE" }, "ResourceNotFound");
    const { executionArn } = await ok("StartExecution", { stateMachineArn: stateMachineAliasArn });
    const execution = await ended(executionArn);
    assert.deepEqual([execution.stateMachineVersionArn, execution.stateMachineAliasArn], [stateMachineVersionArn, stateMachineAliasArn]);
    assert.equal((await ok("ListExecutions", { stateMachineArn: stateMachineAliasArn })).executions.length, 1);
    await no("DeleteStateMachineVersion", { stateMachineVersionArn }, "ConflictException");
    assert.ok((await ok("UpdateStateMachineAlias", { stateMachineAliasArn, routingConfiguration: [{ stateMachineVersionArn: stateMachineArn + ":2", weight: 100 }] })).updateDate);
    await no("UpdateStateMachineAlias", { stateMachineAliasArn }, "ValidationException");
    await ok("DeleteStateMachineVersion", { stateMachineVersionArn });
    assert.equal((await ok("ListStateMachineAliases", { stateMachineArn })).stateMachineAliases.length, 1);
    await no("ListStateMachineAliases", { stateMachineArn: missing("stateMachine") }, "StateMachineDoesNotExist");
    await ok("DeleteStateMachineAlias", { stateMachineAliasArn });
    await no("DeleteStateMachineAlias", { stateMachineAliasArn }, "ResourceNotFound");
  },

  async activities() {
    const { activityArn } = await ok("CreateActivity", { name: "work" });
    assert.equal(activityArn, `${account}:activity:work`);
    await no("CreateActivity", { name: "a b" }, "InvalidName");
    assert.equal((await ok("DescribeActivity", { activityArn })).name, "work");
    await no("DescribeActivity", { activityArn: missing("activity") }, "ActivityDoesNotExist");
    assert.deepEqual((await ok("ListActivities", {})).activities.map(activity => activity.name), ["work"]);
    await no("ListActivities", { nextToken: "x" }, "InvalidToken");
    await no("GetActivityTask", { activityArn: missing("activity") }, "ActivityDoesNotExist");

    // A client that gives up its poll takes nothing with it.
    const gone = new AbortController();
    const given = client.send(new sfn.GetActivityTaskCommand({ activityArn }), { abortSignal: gone.signal });
    await new Promise(resolve => setTimeout(resolve, 200));
    gone.abort();
    await assert.rejects(given, { name: "AbortError" });

    const definition = JSON.stringify({ StartAt: "T", States: { T: { Type: "Task", Resource: activityArn, HeartbeatSeconds: 600, End: true } } });
    const { stateMachineArn } = await ok("CreateStateMachine", { name: "working", definition, roleArn });
    const worker = async () => {
      const task = await ok("GetActivityTask", { activityArn, workerName: "sdk" });
      await ok("SendTaskHeartbeat", { taskToken: task.taskToken });
      const { fails } = JSON.parse(task.input);
      await (fails ? ok("SendTaskFailure", { taskToken: task.taskToken, error: "Broken", cause: "Really" })
        : ok("SendTaskSuccess", { taskToken: task.taskToken, output: '{"done":true}' }));
      return task.taskToken;
    };
    const running = worker();
    const succeeded = await ok("StartExecution", { stateMachineArn, input: "{}" });
    const token = await running;
    assert.equal((await ended(succeeded.executionArn)).output, '{"done":true}');
    const history = await ok("GetExecutionHistory", { executionArn: succeeded.executionArn });
    assert.equal(history.events.find(event => event.type === "ActivityStarted").activityStartedEventDetails.workerName, "sdk");
    const failed = await ok("StartExecution", { stateMachineArn, input: '{"fails":true}' });
    await worker();
    const failure = await ended(failed.executionArn);
    assert.deepEqual([failure.status, failure.error, failure.cause], ["FAILED", "Broken", "Really"]);
    await no("SendTaskSuccess", { taskToken: token, output: "{}" }, "TaskTimedOut", /^Task Timed Out: 'Provided task does not exist anymore'$/);
    await no("SendTaskSuccess", { taskToken: token, output: "{" }, "InvalidOutput");
    await no("SendTaskFailure", { taskToken: "x" }, "InvalidToken", /^Invalid Token: 'Invalid token'$/);
    await no("SendTaskHeartbeat", { taskToken: token }, "TaskTimedOut");
    await ok("DeleteActivity", { activityArn });
    await no("DeleteActivity", { activityArn: "x" }, "InvalidArn");
  },

  async callbacks() {
    await rest("PUT", "v1/queues/jobs");
    const definition = JSON.stringify({ StartAt: "Ask", States: { Ask: {
      Type: "Task", Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
      Parameters: { QueueUrl: "jobs", MessageBody: { "token.$": "$$.Task.Token" } }, End: true } } });
    const { stateMachineArn } = await ok("CreateStateMachine", { name: "asks", definition, roleArn });
    const { executionArn } = await ok("StartExecution", { stateMachineArn });
    const message = await until("a message", async () => (await rest("POST", "v1/queues/jobs/receive", {})).value[0]);
    await ok("SendTaskSuccess", { taskToken: JSON.parse(message.content.body).token, output: '"answered"' });
    assert.equal((await ended(executionArn)).output, '"answered"');
  },

  async mapRuns() {
    const definition = JSON.stringify({ StartAt: "M", States: { M: {
      Type: "Map", MaxConcurrency: 1, ItemProcessor: { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" }, StartAt: "W",
        States: { W: { Type: "Wait", Seconds: 3600, End: true } } }, End: true } } });
    const { stateMachineArn } = await ok("CreateStateMachine", { name: "maps", definition, roleArn });
    const { executionArn } = await ok("StartExecution", { stateMachineArn, input: "[1,2]" });
    const run = await until("a map run", async () => (await ok("ListMapRuns", { executionArn })).mapRuns[0]);
    assert.deepEqual([run.executionArn, run.stateMachineArn], [executionArn, stateMachineArn]);
    const described = await ok("DescribeMapRun", { mapRunArn: run.mapRunArn });
    assert.deepEqual([described.status, described.maxConcurrency, described.itemCounts.total], ["RUNNING", 1, 2]);
    await ok("UpdateMapRun", { mapRunArn: run.mapRunArn, maxConcurrency: 2, toleratedFailurePercentage: 12.5 });
    await until("the change", async () => (await ok("DescribeMapRun", { mapRunArn: run.mapRunArn })).maxConcurrency === 2);
    await no("ListMapRuns", { executionArn: `${account}:execution:maps:none` }, "ExecutionDoesNotExist");
    await no("DescribeMapRun", { mapRunArn: `${account}:mapRun:maps/label:none` }, "ResourceNotFound");
    await no("UpdateMapRun", { mapRunArn: run.mapRunArn }, "ValidationException");
    await ok("StopExecution", { executionArn });
    await ended(executionArn);
    await no("UpdateMapRun", { mapRunArn: run.mapRunArn, maxConcurrency: 3 }, "ValidationException");
  },

  async redrivenMapRuns() {
    await rest("PUT", "v1/queues/work");
    const definition = JSON.stringify({ StartAt: "M", States: { M: {
      Type: "Map", Label: "each", MaxConcurrency: 1, End: true,
      ItemProcessor: { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" }, StartAt: "Ask", States: { Ask: {
        Type: "Task", Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        Parameters: { QueueUrl: "work", MessageBody: { "token.$": "$$.Task.Token", "item.$": "$" } }, End: true } } } } } });
    const { stateMachineArn } = await ok("CreateStateMachine", { name: "redriven-maps", definition, roleArn });
    const { executionArn } = await ok("StartExecution", { stateMachineArn, input: "[1,2,3]" });
    const next = async () => {
      const [message] = await until("a message", async () => {
        const { value } = await rest("POST", "v1/queues/work/receive", {});
        return value.length > 0 ? value : undefined;
      });
      return JSON.parse(message.content.body);
    };
    await ok("SendTaskSuccess", { taskToken: (await next()).token, output: '"one"' });
    await ok("SendTaskFailure", { taskToken: (await next()).token, error: "E", cause: "C" });
    assert.equal((await ended(executionArn)).status, "FAILED");
    const [{ mapRunArn }] = (await ok("ListMapRuns", { executionArn })).mapRuns;
    const { executions } = await ok("ListExecutions", { mapRunArn });
    assert.deepEqual(executions.map(child => [child.status, child.mapRunArn, child.itemCount, child.redriveCount]),
      [["FAILED", mapRunArn, 1, 0], ["SUCCEEDED", mapRunArn, 1, 0]]);
    assert.ok(executions.every(child => child.startDate instanceof Date && child.stateMachineArn === `${stateMachineArn}/each`));
    const child = await ok("DescribeExecution", { executionArn: executions[0].executionArn });
    assert.deepEqual([child.mapRunArn, child.redriveStatus, child.error], [mapRunArn, "REDRIVABLE_BY_MAP_RUN", "E"]);
    assert.equal((await ok("GetExecutionHistory", { executionArn: child.executionArn })).events[0].type, "ExecutionStarted");
    await no("RedriveExecution", { executionArn: child.executionArn }, "ExecutionNotRedrivable");
    await ok("RedriveExecution", { executionArn });
    for (const output of ['"two"', '"three"']) {
      await ok("SendTaskSuccess", { taskToken: (await next()).token, output });
    }
    assert.equal((await ended(executionArn)).output, '["one","two","three"]');
    const run = await ok("DescribeMapRun", { mapRunArn });
    assert.deepEqual([run.status, run.redriveCount, run.redriveDate instanceof Date], ["SUCCEEDED", 1, true]);
    assert.deepEqual([run.itemCounts.succeeded, run.itemCounts.total, run.itemCounts.pendingRedrive, run.executionCounts.failuresNotRedrivable], [3, 3, 0, 0]);
    assert.deepEqual((await ok("ListMapRuns", { executionArn })).mapRuns.length, 1);
    const { events } = await ok("GetExecutionHistory", { executionArn, maxResults: 100 });
    assert.deepEqual(events.find(event => event.type === "MapRunRedriven").mapRunRedrivenEventDetails, { mapRunArn, redriveCount: 1 });
    const list = async more => (await ok("ListExecutions", { mapRunArn, ...more })).executions.map(one => one.name.split("-").at(-1));
    assert.deepEqual([await list({}), await list({ redriveFilter: "REDRIVEN" }), await list({ redriveFilter: "NOT_REDRIVEN", statusFilter: "SUCCEEDED" })],
      [["2", "1", "0"], ["1"], ["2", "0"]]);
    assert.deepEqual([await list({ statusFilter: "FAILED" }), await list({ statusFilter: "PENDING_REDRIVE" })], [[], []]);
    const pages = [];
    for await (const page of sfn.paginateListExecutions({ client, pageSize: 1 }, { mapRunArn })) pages.push(page.executions.length);
    assert.deepEqual(pages.filter(length => length > 0), [1, 1, 1]);
    await no("ListExecutions", {}, "ValidationException");
    await no("ListExecutions", { mapRunArn, stateMachineArn }, "ValidationException");
    await no("ListExecutions", { stateMachineArn, redriveFilter: "REDRIVEN" }, "ValidationException");
    await no("ListExecutions", { stateMachineArn, statusFilter: "PENDING_REDRIVE" }, "ValidationException");
    await no("ListExecutions", { mapRunArn, redriveFilter: "SOME" }, "ValidationException");
    await no("ListExecutions", { mapRunArn: `${account}:mapRun:redriven-maps/each:none` }, "ResourceNotFound");
    await no("ListExecutions", { mapRunArn: stateMachineArn }, "InvalidArn");
  },

  async longHistory() {
    const definition = JSON.stringify({ QueryLanguage: "JSONata", StartAt: "Begin", States: {
      Begin: { Type: "Pass", Assign: { n: 0 }, Next: "More" },
      More: { Type: "Choice", Choices: [{ Condition: "{% $n < 7500 %}", Next: "Count" }], Default: "Done" },
      Count: { Type: "Pass", Assign: { n: "{% $n + 1 %}" }, Output: {}, Next: "More" },
      Done: { Type: "Succeed" } } });
    const { stateMachineArn } = await ok("CreateStateMachine", { name: "counts", definition, roleArn });
    const { executionArn } = await ok("StartExecution", { stateMachineArn });
    let last = 0;
    await until("the end", async () => {
      const { status } = await client.send(new sfn.DescribeExecutionCommand({ executionArn }));
      if (status === "RUNNING") await new Promise(resolve => setTimeout(resolve, 20));
      return status !== "RUNNING";
    });
    for await (const page of sfn.paginateGetExecutionHistory({ client, pageSize: 1000 }, { executionArn })) {
      for (const event of page.events) assert.equal(event.id, ++last);
    }
    assert.ok(last > 30_000, `There are ${last} events.`);
    let first = last + 1;
    for await (const page of sfn.paginateGetExecutionHistory({ client, pageSize: 777 }, { executionArn, reverseOrder: true, includeExecutionData: false })) {
      for (const event of page.events) assert.equal(event.id, --first);
    }
    assert.equal(first, 1);
  },

  async strangers() {
    const wrong = clientWith({ accessKeyId, secretAccessKey: "wrong" });
    await no("ListStateMachines", {}, "InvalidSignatureException", /^The request signature we calculated does not match/, wrong);
    const nobody = clientWith({ accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey });
    await no("ListStateMachines", {}, "UnrecognizedClientException", /^The security token included in the request is invalid\.$/, nobody);
    const temporary = clientWith({ accessKeyId, secretAccessKey, sessionToken: "token" });
    await no("ListStateMachines", {}, "UnrecognizedClientException", undefined, temporary);
  },
};

for (const [name, run] of Object.entries(sections)) {
  try {
    await run();
  } catch (error) {
    console.error(`${name}: ${error.stack}`);
    process.exit(1);
  }
}

client.destroy();
console.log(JSON.stringify({ good: [...good].sort(), refused: [...refused].sort() }));
