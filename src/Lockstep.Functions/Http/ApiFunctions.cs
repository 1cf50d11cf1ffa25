using Lockstep.Api.Hosting;
using Lockstep.Functions.Orchestrations;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Lockstep.Functions.Http;

/// <summary>
/// The API over HTTP triggers: one function for each group of routes, so that telemetry tells them apart, and all of them the same pipeline, which routes,
/// authenticates and answers. The keys of the platform are not used; ours say who calls. A path outside the groups is answered by the platform.
/// </summary>
/// <param name="pipeline">The way of every request.</param>
/// <param name="orchestrations">Takes over the client that the platform hands to each call.</param>
public sealed class ApiFunctions(RequestPipeline pipeline, DurableOrchestrations orchestrations)
{
    // No methods are named: the pipeline answers those that a path does not have.
    private const AuthorizationLevel Open = AuthorizationLevel.Anonymous;

    /// <summary>State machines and their executions.</summary>
    [Function("StateMachines")]
    public Task StateMachines([HttpTrigger(Open, Route = "v1/state-machines/{*rest}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        AnswerAsync(request, client);

    /// <summary>Checking definitions.</summary>
    [Function("Validate")]
    public Task Validate([HttpTrigger(Open, Route = "v1/validate/{*rest}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        AnswerAsync(request, client);

    /// <summary>Testing single states.</summary>
    [Function("TestState")]
    public Task TestState([HttpTrigger(Open, Route = "v1/test-state/{*rest}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        AnswerAsync(request, client);

    /// <summary>Executions, their history and their streams.</summary>
    [Function("Executions")]
    public Task Executions([HttpTrigger(Open, Route = "v1/executions/{*rest}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        AnswerAsync(request, client);

    /// <summary>Map runs.</summary>
    [Function("MapRuns")]
    public Task MapRuns([HttpTrigger(Open, Route = "v1/map-runs/{*rest}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        AnswerAsync(request, client);

    /// <summary>Activities and polls for their tasks.</summary>
    [Function("Activities")]
    public Task Activities([HttpTrigger(Open, Route = "v1/activities/{*rest}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        AnswerAsync(request, client);

    /// <summary>Reports of task outcomes.</summary>
    [Function("Tasks")]
    public Task Tasks([HttpTrigger(Open, Route = "v1/tasks/{*rest}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        AnswerAsync(request, client);

    /// <summary>Decisions of humans.</summary>
    [Function("Callbacks")]
    public Task Callbacks([HttpTrigger(Open, Route = "v1/callbacks/{*rest}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        AnswerAsync(request, client);

    /// <summary>Functions that tasks call.</summary>
    [Function("RegisteredFunctions")]
    public Task RegisteredFunctions([HttpTrigger(Open, Route = "v1/functions/{*rest}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        AnswerAsync(request, client);

    /// <summary>Connections that calls over HTTP use.</summary>
    [Function("Connections")]
    public Task Connections([HttpTrigger(Open, Route = "v1/connections/{*rest}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        AnswerAsync(request, client);

    /// <summary>Objects.</summary>
    [Function("Objects")]
    public Task Objects([HttpTrigger(Open, Route = "v1/objects/{*rest}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        AnswerAsync(request, client);

    /// <summary>Queues that tasks send to.</summary>
    [Function("Queues")]
    public Task Queues([HttpTrigger(Open, Route = "v1/queues/{*rest}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        AnswerAsync(request, client);

    /// <summary>Topics that tasks publish to.</summary>
    [Function("Topics")]
    public Task Topics([HttpTrigger(Open, Route = "v1/topics/{*rest}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        AnswerAsync(request, client);

    /// <summary>Event buses that tasks put events on.</summary>
    [Function("EventBuses")]
    public Task EventBuses([HttpTrigger(Open, Route = "v1/event-buses/{*rest}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        AnswerAsync(request, client);

    /// <summary>Tables that tasks work on.</summary>
    [Function("Tables")]
    public Task Tables([HttpTrigger(Open, Route = "v1/tables/{*rest}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        AnswerAsync(request, client);

    /// <summary>Execution events.</summary>
    [Function("Events")]
    public Task Events([HttpTrigger(Open, Route = "v1/events/{*rest}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        AnswerAsync(request, client);

    /// <summary>Log groups.</summary>
    [Function("LogGroups")]
    public Task LogGroups([HttpTrigger(Open, Route = "v1/log-groups/{*rest}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        AnswerAsync(request, client);

    /// <summary>Log events.</summary>
    [Function("LogEvents")]
    public Task LogEvents([HttpTrigger(Open, Route = "v1/log-events/{*rest}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        AnswerAsync(request, client);

    /// <summary>What the operator does.</summary>
    [Function("Operator")]
    public Task Operator([HttpTrigger(Open, Route = "v1/operator/{*rest}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        AnswerAsync(request, client);

    /// <summary>The Step Functions protocol, whose path is empty; the platform's own page there has to be switched off.</summary>
    [Function("StepFunctions")]
    public Task StepFunctions([HttpTrigger(Open, Route = "{root:maxlength(0)?}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        AnswerAsync(request, client);

    /// <summary>Whether the process answers.</summary>
    [Function("Live")]
    public Task Live([HttpTrigger(Open, Route = "healthz")] HttpRequest request) => pipeline.InvokeAsync(request.HttpContext);

    /// <summary>Whether requests are welcome.</summary>
    [Function("Ready")]
    public Task Ready([HttpTrigger(Open, Route = "readyz")] HttpRequest request) => pipeline.InvokeAsync(request.HttpContext);

    /// <summary>The description of the API.</summary>
    [Function("OpenApi")]
    public Task OpenApi([HttpTrigger(Open, Route = "openapi/{*rest}")] HttpRequest request) => pipeline.InvokeAsync(request.HttpContext);

    private Task AnswerAsync(HttpRequest request, DurableTaskClient client)
    {
        orchestrations.Use(client);
        return pipeline.InvokeAsync(request.HttpContext);
    }
}
