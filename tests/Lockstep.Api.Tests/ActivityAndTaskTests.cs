using Lockstep.Api.Tests.Support;
using Lockstep.Service.Limits;
using Lockstep.Service.Tests.Memory;

namespace Lockstep.Api.Tests;

public sealed class ActivityAndTaskTests
{
    [Fact]
    public async Task An_activity_is_created_shown_listed_and_deleted()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        Answer created = await host.Anna.PostAsync("/v1/activities", """{"name":"work"}""");
        Assert.Equal((201, "arn:aws:states:local:000000000001:activity:work"), (created.Code, created.String("activityArn")));
        Assert.Equal(200, (await host.Anna.PostAsync("/v1/activities", """{"name":"work"}""")).Code);
        Assert.Equal(created.Text, (await host.Anna.GetAsync("/v1/activities/work")).Text);
        Assert.Single((await host.Anna.GetAsync("/v1/activities")).Value);
        Assert.Equal(204, (await host.Anna.DeleteAsync("/v1/activities/work")).Code);
        Assert.Equal("ActivityDoesNotExist", (await host.Anna.GetAsync("/v1/activities/work")).Problem);
        Assert.Equal((404, "ActivityDoesNotExist"), await host.Anna.ProblemOfPostAsync("/v1/activities/work/poll", "{}"));
        Assert.Equal((400, "InvalidName"), await host.Anna.ProblemOfPostAsync("/v1/activities", """{"name":"a b"}"""));
        Assert.Equal((400, "ValidationException"), await host.Anna.ProblemOfPostAsync("/v1/activities", "{}"));
        Assert.Equal((400, "ValidationException"), await host.Anna.ProblemOfPostAsync("/v1/activities", ""));
    }

    [Fact]
    public async Task A_worker_polls_reports_without_an_api_key_and_the_execution_goes_on()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        string token = await TakeTaskAsync(host, """{"exact":1.0}""");
        Assert.Equal(204, (await host.Nobody.PostAsync($"/v1/tasks/{token}/heartbeat")).Code);
        Assert.Equal((400, "InvalidOutput"), await host.Nobody.ProblemOfPostAsync($"/v1/tasks/{token}/success", "{}"));
        Assert.Equal(204, (await host.Nobody.PostAsync($"/v1/tasks/{token}/success", """{"output":{"done":2.50}}""")).Code);
        Answer shown = await host.Anna.GetAsync("/v1/executions/m:e");
        Assert.Equal("""{"done":2.50}""", shown.Json["output"]?.ToString());
        Assert.Equal((410, "TaskTimedOut"), await host.Nobody.ProblemOfPostAsync($"/v1/tasks/{token}/success", """{"output":1}"""));
        Assert.Equal((410, "TaskTimedOut"), await host.Nobody.ProblemOfPostAsync($"/v1/tasks/{token}/heartbeat", ""));
    }

    [Fact]
    public async Task A_worker_reports_a_failure()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        string token = await TakeTaskAsync(host, "{}");
        Assert.Equal((400, "ValidationException"), await host.Nobody.ProblemOfPostAsync($"/v1/tasks/{token}/failure", """{"error":7}"""));
        Assert.Equal(204, (await host.Nobody.PostAsync($"/v1/tasks/{token}/failure", """{"error":"Broken","cause":"Really"}""")).Code);
        Answer shown = await host.Anna.GetAsync("/v1/executions/m:e");
        Assert.Equal(("FAILED", "Broken", "Really"), (shown.String("status"), shown.String("error"), shown.String("cause")));
    }

    [Theory]
    [InlineData("success")]
    [InlineData("failure")]
    [InlineData("heartbeat")]
    public async Task A_forged_token_is_refused_before_anything_is_read(string report)
    {
        await using ApiHost host = await ApiHost.StartAsync();
        string token = await TakeTaskAsync(host, "{}");
        string forged = token[..^3] + (token[^3] == 'A' ? 'B' : 'A') + token[^2..];
        Assert.Equal((400, "InvalidToken"), await host.Anna.ProblemOfPostAsync($"/v1/tasks/{forged}/{report}", "not json"));
        Assert.Equal((400, "InvalidToken"), await host.Nobody.ProblemOfPostAsync($"/v1/tasks/x/{report}", "not json"));
        Assert.Equal("RUNNING", (await host.Anna.GetAsync("/v1/executions/m:e")).String("status"));
    }

    [Fact]
    public async Task A_poll_without_a_task_ends_when_its_time_is_up_and_when_the_service_drains()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        await host.Anna.PostAsync("/v1/activities", """{"name":"work"}""");
        Assert.Equal(204, (await host.Anna.PostAsync("/v1/activities/work/poll", """{"waitSeconds":0}""")).Code);
        Task<Answer> timed = host.Anna.PostAsync("/v1/activities/work/poll", """{"waitSeconds":60,"workerName":"w"}""");
        await host.Platform.Activities.Waits.WaitAsync(TestContext.Current.CancellationToken);
        host.Platform.Time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(204, (await timed).Code);
        Task<Answer> drained = host.Anna.PostAsync("/v1/activities/work/poll");
        await host.Platform.Activities.Waits.WaitAsync(TestContext.Current.CancellationToken);
        host.Draining.Begin();
        Assert.Equal(204, (await drained).Code);
        Assert.Equal(0, host.Surroundings.Bounds.LongPolls.Taken);
    }

    [Fact]
    public async Task As_many_polls_wait_as_may_wait()
    {
        await using ApiHost host = await ApiHost.StartAsync(ServiceLimits.Default with { MaxLongPollsPerTenant = 1 });
        await host.Anna.PostAsync("/v1/activities", """{"name":"work"}""");
        Task<Answer> waiting = host.Anna.PostAsync("/v1/activities/work/poll");
        await host.Platform.Activities.Waits.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal((429, "ActivityWorkerLimitExceeded"), await host.Anna.ProblemOfPostAsync("/v1/activities/work/poll", """{"waitSeconds":0}"""));
        Assert.Equal((404, "ActivityDoesNotExist"), await host.Bert.ProblemOfPostAsync("/v1/activities/work/poll", """{"waitSeconds":0}"""));
        host.Platform.Time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(204, (await waiting).Code);
        Assert.Equal(204, (await host.Anna.PostAsync("/v1/activities/work/poll", """{"waitSeconds":0}""")).Code);
    }

    private static async Task<string> TakeTaskAsync(ApiHost host, string input)
    {
        await host.CreateMachineAsync("m", Machines.Work);
        await host.Anna.PostAsync("/v1/activities", """{"name":"work"}""");
        await host.Anna.PostAsync("/v1/state-machines/m/executions", $$"""{"name":"e","input":{{input}}}""");
        Answer task = await host.Anna.PostAsync("/v1/activities/work/poll", """{"workerName":"w","waitSeconds":0}""");
        Assert.Equal(200, task.Code);
        Assert.Equal(input, task.Json["input"]?.ToString());
        return task.String("taskToken");
    }
}
