using Lockstep.Api.Tests.Support;
using Lockstep.Api.Tests.Wire;
using Lockstep.Json;
using Lockstep.Service.Tests.Memory;

namespace Lockstep.Api.Tests;

public sealed class LoggingTests : IDisposable
{
    private const string Group = "/aws/vendedlogs/states/orders";
    private const string Arn = $"arn:aws:logs:eu-central-1:000000000001:log-group:{Group}:*";
    private const string Destinations = $$$"""[{"cloudWatchLogsLogGroup":{"logGroupArn":"{{{Arn}}}"}}]""";
    private const string All = $$"""{"level":"ALL","includeExecutionData":true,"destinations":{{Destinations}}}""";

    private readonly string _folder = Directory.CreateTempSubdirectory("lockstep-logs-").FullName;

    [Fact]
    public async Task What_an_execution_logs_is_read_by_group_and_execution_on_pages()
    {
        await using EmbeddedApi api = await EmbeddedApi.OpenAsync(_folder);
        Answer created = await api.Anna.PostAsync(
            "/v1/state-machines", $$"""{"name":"m","definition":{{Machines.Pass}},"loggingConfiguration":{{All}}}""");
        Assert.Equal((201, All), (created.Code, created.Json["loggingConfiguration"]?.ToString()));
        Assert.Equal(All, (await api.Anna.GetAsync("/v1/state-machines/m")).Json["loggingConfiguration"]?.ToString());
        foreach (string name in new[] { "one", "two" })
        {
            await api.Anna.PostAsync("/v1/state-machines/m/executions", $$"""{"input":{"n":1},"name":"{{name}}"}""");
            await api.Anna.GetAsync($"/v1/executions/m:{name}/stream");
        }

        Answer groups = await api.Anna.GetAsync("/v1/log-groups");
        Assert.Equal($$"""{"logGroupName":"{{Group}}","logGroupArn":"arn:aws:logs:local:000000000001:log-group:{{Group}}:*"}""", Assert.Single(groups.Value).ToString());
        string events = "/v1/log-events?logGroup=" + Uri.EscapeDataString(Group);
        Answer first = await api.Anna.GetAsync(events + "&pageSize=5");
        Answer rest = await api.Anna.GetAsync(first.String("nextLink"));
        Assert.Equal((5, 3), (first.Value.Count, rest.Value.Count));
        Assert.Equal("InvalidToken", (await api.Anna.GetAsync(first.String("nextLink") + "&execution=m:one")).Problem);

        Answer one = await api.Anna.GetAsync(events + "&execution=" + Uri.EscapeDataString("arn:aws:states:local:000000000001:execution:m:one"));
        Assert.Equal(["ExecutionStarted", "PassStateEntered", "PassStateExited", "ExecutionSucceeded"], one.Value.Select(item => Text(item, "type")));
        Assert.Equal(one.Text, (await api.Anna.GetAsync(events + "&execution=m:one")).Text);
        Assert.Empty((await api.Anna.GetAsync(events + "&endTime=2001-01-01T00:00:00Z")).Value);
        Assert.Empty((await api.Anna.GetAsync(events + "&startTime=2999-01-01T00:00:00Z")).Value);
        Assert.Equal(8, (await api.Anna.GetAsync(events + "&startTime=2001-01-01T00:00:00Z")).Value.Count);

        Assert.Empty((await api.Bert.GetAsync("/v1/log-groups")).Value);
        Assert.Empty((await api.Bert.GetAsync(events)).Value);
        Assert.Equal("InvalidName", (await api.Anna.GetAsync("/v1/log-events")).Problem);
        Assert.Equal("InvalidName", (await api.Anna.GetAsync("/v1/log-events?logGroup=" + new string('g', 513))).Problem);
        Assert.Empty((await api.Anna.GetAsync("/v1/log-events?logGroup=" + new string('g', 512))).Value);
        Assert.Equal("startTime", (await api.Anna.GetAsync(events + "&startTime=noon")).String("pointer"));
    }

    [Fact]
    public async Task What_is_logged_outlives_the_process()
    {
        await using (EmbeddedApi before = await EmbeddedApi.OpenAsync(_folder))
        {
            await before.Anna.PostAsync("/v1/state-machines", $$"""{"name":"m","definition":{{Machines.Pass}},"loggingConfiguration":{{All}}}""");
            await before.Anna.PostAsync("/v1/state-machines/m/executions", """{"name":"one"}""");
            await before.Anna.GetAsync("/v1/executions/m:one/stream");
        }

        await using EmbeddedApi after = await EmbeddedApi.OpenAsync(_folder);
        Assert.Equal(4, (await after.Anna.GetAsync("/v1/log-events?logGroup=" + Uri.EscapeDataString(Group))).Value.Count);
        Assert.Equal(All, (await after.Anna.GetAsync("/v1/state-machines/m")).Json["loggingConfiguration"]?.ToString());
    }

    [Theory]
    [InlineData("""{"level":"ALL"}""", "Must specify exactly one Log Destination.")]
    [InlineData("""{"level":"ERROR","destinations":[]}""", "Must specify exactly one Log Destination.")]
    [InlineData("""{"level":"OFF","destinations":[{"cloudWatchLogsLogGroup":{"logGroupArn":"a"}},{"cloudWatchLogsLogGroup":{"logGroupArn":"b"}}]}""",
        "Must specify exactly one Log Destination.")]
    [InlineData("""{"level":"FATAL","destinations":[{"cloudWatchLogsLogGroup":{"logGroupArn":"arn:aws:logs:local:000000000001:log-group:g"}}]}""", "end with \":*\"")]
    [InlineData("""{"level":"FATAL","destinations":[{"cloudWatchLogsLogGroup":{"logGroupArn":"arn:aws:logs:local:000000000001:log-group:a b:*"}}]}""", "ARN of a log group")]
    [InlineData("""{"level":"FATAL","destinations":[{"cloudWatchLogsLogGroup":{"logGroupArn":"arn:aws:logs:local:000000000002:log-group:g:*"}}]}""", "another account")]
    public async Task A_configuration_that_cannot_be_is_refused_on_both_interfaces(string logging, string message)
    {
        await using ApiHost host = await ApiHost.StartAsync();
        WireClient wire = await WireClient.OfAsync(host, host.Platform.AnnasKey);
        await host.CreateMachineAsync("there", Machines.Pass);
        Answer[] refused =
        [
            await host.Anna.PostAsync("/v1/state-machines", $$"""{"name":"m","definition":{{Machines.Pass}},"loggingConfiguration":{{logging}}}"""),
            await host.Anna.PutAsync("/v1/state-machines/there", $$"""{"loggingConfiguration":{{logging}}}"""),
        ];
        Assert.All(refused, answer => Assert.Equal(
            (400, "InvalidLoggingConfiguration", "/loggingConfiguration"), (answer.Code, answer.Problem, answer.String("pointer"))));
        WireReply reply = await wire.CallAsync(
            "CreateStateMachine", $$"""{"name":"m","definition":{{JsonString.Of(Machines.Pass)}},"roleArn":"arn:aws:iam::1:role/r","loggingConfiguration":{{logging}}}""");
        Assert.Equal((400, "InvalidLoggingConfiguration"), (reply.Status, reply.Error));
        Assert.StartsWith("Invalid Logging Configuration: ", reply.Message, StringComparison.Ordinal);
        Assert.Contains(message, reply.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("""{"level":"SOME"}""")]
    [InlineData("""{"Level":"ALL"}""")]
    [InlineData("""{"includeExecutionData":"yes"}""")]
    [InlineData("""{"destinations":[{}]}""")]
    public async Task A_member_of_another_shape_is_refused(string logging)
    {
        await using ApiHost host = await ApiHost.StartAsync();
        Answer refused = await host.Anna.PostAsync("/v1/state-machines", $$"""{"name":"m","definition":{{Machines.Pass}},"loggingConfiguration":{{logging}}}""");
        Assert.Equal((400, "ValidationException", "/loggingConfiguration"), (refused.Code, refused.Problem, refused.String("pointer")));
    }

    [Fact]
    public async Task The_protocol_shows_what_was_chosen_and_a_change_is_a_new_revision()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        WireClient wire = await WireClient.OfAsync(host, host.Platform.AnnasKey);
        string create = $$"""{"name":"m","definition":{{JsonString.Of(Machines.Pass)}},"roleArn":"arn:aws:iam::1:role/r" """;
        string arn = ((JsonString?)(await wire.OkAsync("CreateStateMachine", create + $$""","loggingConfiguration":{{All}}}"""))["stateMachineArn"])?.Value ?? "";
        JsonObject shown = await wire.OkAsync("DescribeStateMachine", $$"""{"stateMachineArn":"{{arn}}"}""");
        Assert.Equal(All, shown["loggingConfiguration"]?.ToString());
        await wire.OkAsync("CreateStateMachine", create + $$""","loggingConfiguration":{{All}}}""");
        Assert.Equal("StateMachineAlreadyExists", (await wire.CallAsync("CreateStateMachine", create + "}")).Error);

        const string Off = """{"level":"OFF","includeExecutionData":false}""";
        JsonObject updated = await wire.OkAsync("UpdateStateMachine", $$"""{"loggingConfiguration":{"level":"OFF"},"stateMachineArn":"{{arn}}"}""");
        Assert.NotEqual(shown["revisionId"], updated["revisionId"]);
        Assert.Equal(Off, (await wire.OkAsync("DescribeStateMachine", $$"""{"stateMachineArn":"{{arn}}"}"""))["loggingConfiguration"]?.ToString());
        Assert.Equal("MissingRequiredParameter", (await wire.CallAsync("UpdateStateMachine", $$"""{"stateMachineArn":"{{arn}}"}""")).Error);
    }

    [Theory]
    [InlineData("""{"tracingConfiguration":{"enabled":false}}""", null)]
    [InlineData("""{"tracingConfiguration":{}}""", null)]
    [InlineData("""{"tracingConfiguration":{"enabled":true}}""", "InvalidTracingConfiguration")]
    [InlineData("""{"tracingConfiguration":{"enabled":"no"}}""", "SerializationException")]
    [InlineData("""{"encryptionConfiguration":{"type":"AWS_OWNED_KEY"}}""", null)]
    [InlineData("""{"encryptionConfiguration":{}}""", "ValidationException")]
    [InlineData("""{"encryptionConfiguration":{"type":"AWS_OWNED_KEY","kmsKeyId":"k"}}""", "InvalidEncryptionConfiguration")]
    [InlineData("""{"encryptionConfiguration":{"type":"AWS_OWNED_KEY","kmsDataKeyReusePeriodSeconds":60}}""", "InvalidEncryptionConfiguration")]
    [InlineData("""{"encryptionConfiguration":{"type":"AWS_OWNED_KEY","kmsDataKeyReusePeriodSeconds":59}}""", "ValidationException")]
    [InlineData("""{"encryptionConfiguration":{"type":"CUSTOMER_MANAGED_KMS_KEY","kmsKeyId":"k"}}""", "InvalidEncryptionConfiguration")]
    public async Task Tracing_and_encryption_are_accepted_where_nothing_has_to_be_done_for_them(string settings, string? error)
    {
        await using ApiHost host = await ApiHost.StartAsync();
        WireClient wire = await WireClient.OfAsync(host, host.Platform.AnnasKey);
        WireReply reply = await wire.CallAsync(
            "CreateStateMachine", $$"""{"name":"m","definition":{{JsonString.Of(Machines.Pass)}},"roleArn":"arn:aws:iam::1:role/r",{{settings[1..]}}""");
        Assert.Equal((error is null ? 200 : 400, error), (reply.Status, reply.Status == 200 ? null : reply.Error));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string? Text(JsonValue item, string name) => ((item as JsonObject)?[name] as JsonString)?.Value;
}
