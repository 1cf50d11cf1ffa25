using Lockstep.Engine.Stimuli;
using Lockstep.Json;
using Lockstep.Service.Targets;
using Lockstep.Targets.Functions;
using Lockstep.Targets.Outgoing;
using Lockstep.Targets.Tests.Fakes;

namespace Lockstep.Targets.Tests.Functions;

public sealed class FunctionTargetTests
{
    private static readonly TargetOptions Development = new() { DevelopmentMode = true };

    [Fact]
    public async Task The_parameters_go_in_and_the_result_comes_back()
    {
        await using LoopbackServer server = await LoopbackServer.AnsweringAsync(200, """{ "total" : 1.50, "big": 123456789012345678901234567890 }""");

        TaskOutcome outcome = await InvokeAsync(server, Invocations.OfFunction("""{"sku":"a","n":1.0}"""));

        TaskAnswered answered = Assert.IsType<TaskAnswered>(outcome);
        Assert.Equal("""{"total":1.50,"big":123456789012345678901234567890}""", answered.Output.ToString());
        ReceivedRequest request = Assert.Single(server.Received);
        Assert.Equal("POST", request.Method);
        Assert.Equal("""{"sku":"a","n":1.0}""", request.Body);
        Assert.Equal("application/json", request.Headers["Content-Type"]);
        Assert.Equal("orders:first/1/0/3/2", request.Headers["Idempotency-Key"]);
        Assert.Equal("2", request.Headers["Lockstep-Attempt"]);
        Assert.Matches("^00-[0-9a-f]{32}-[0-9a-f]{16}-01$", request.Headers["traceparent"]);
        Assert.DoesNotContain("Cookie", request.Headers.Keys);
    }

    [Fact]
    public async Task A_repetition_after_a_crash_carries_the_same_key_and_trace()
    {
        await using LoopbackServer server = await LoopbackServer.AnsweringAsync(200, "null");

        await InvokeAsync(server, Invocations.OfFunction("{}"));
        await InvokeAsync(server, Invocations.OfFunction("{}"));

        ReceivedRequest[] requests = [.. server.Received];
        Assert.Equal(requests[0].Headers["Idempotency-Key"], requests[1].Headers["Idempotency-Key"]);
        Assert.Equal(requests[0].Headers["traceparent"], requests[1].Headers["traceparent"]);
    }

    [Fact]
    public async Task A_key_that_no_header_could_carry_is_percent_encoded()
    {
        await using LoopbackServer server = await LoopbackServer.AnsweringAsync(200, "null");

        TaskInvocation invocation = Invocations.OfFunction("{}") with { IdempotencyKey = "größe\r\nX: y" };
        Assert.IsType<TaskAnswered>(await InvokeAsync(server, invocation));

        Assert.Equal("gr%C3%B6%C3%9Fe%0D%0AX%3A%20y", server.Received.Single().Headers["Idempotency-Key"]);
    }

    [Theory]
    [InlineData("", "null")]
    [InlineData("null", "null")]
    [InlineData("0", "0")]
    [InlineData("0.0", "0.0")]
    [InlineData("true", "true")]
    [InlineData("\"HelloWorld\"", "\"HelloWorld\"")]
    [InlineData("[]", "[]")]
    public async Task Any_json_value_is_a_result(string body, string output)
    {
        await using LoopbackServer server = await LoopbackServer.AnsweringAsync(200, body);

        TaskAnswered answered = Assert.IsType<TaskAnswered>(await InvokeAsync(server, Invocations.OfFunction("{}")));

        Assert.Equal(output, answered.Output.ToString());
    }

    [Theory]
    [InlineData(200, "Unhandled", """{"errorMessage": "no stock", "errorType": "OutOfStock", "stackTrace": ["x"]}""", "OutOfStock")]
    [InlineData(500, null, """{"errorType":"OutOfStock","errorMessage":"no stock"}""", "OutOfStock")]
    [InlineData(404, null, """{"errorType":"NoSuchItem"}""", "NoSuchItem")]
    [InlineData(503, null, """{"errorType":"Busy"}""", "Busy")]
    public async Task A_function_error_is_named_by_its_own_type_and_its_document_is_the_cause(int status, string? errorField, string body, string error)
    {
        (string, string)[] fields = errorField is null ? [] : [("X-Amz-Function-Error", errorField)];
        await using LoopbackServer server = await LoopbackServer.AnsweringAsync(status, body, fields);

        TaskRefused refused = Assert.IsType<TaskRefused>(await InvokeAsync(server, Invocations.OfFunction("{}")));

        Assert.Equal(error, refused.Error);
        Assert.Equal(JsonValue.Parse(body).ToString(), refused.Cause);
        Assert.Equal(TaskFailureStage.Run, refused.Stage);
    }

    [Theory]
    [InlineData(200, "Unhandled", "{}", "Lambda.Unknown")]
    [InlineData(200, "Unhandled", """{"errorType":5}""", "Lambda.Unknown")]
    [InlineData(302, null, "", "Lambda.Unknown")]
    [InlineData(400, null, "", "Lambda.Unknown")]
    [InlineData(413, null, "", "Lambda.RequestTooLargeException")]
    [InlineData(429, null, "slow down", "Lambda.TooManyRequestsException")]
    [InlineData(500, null, "<html>", "Lambda.Unknown")]
    [InlineData(502, null, "", "Lambda.ServiceException")]
    [InlineData(503, null, "", "Lambda.ServiceException")]
    [InlineData(504, null, "", "Lambda.ServiceException")]
    [InlineData(200, null, "not json", "Runtime.MarshalError")]
    [InlineData(200, null, "{\"a\":1,\"a\":2}", "Runtime.MarshalError")]
    public async Task An_error_without_a_type_is_named_by_its_status(int status, string? errorField, string body, string error)
    {
        (string, string)[] fields = errorField is null ? [] : [("X-Amz-Function-Error", errorField)];
        await using LoopbackServer server = await LoopbackServer.AnsweringAsync(status, body, fields);

        TaskRefused refused = Assert.IsType<TaskRefused>(await InvokeAsync(server, Invocations.OfFunction("{}")));

        Assert.Equal(error, refused.Error);
        Assert.NotEqual("", refused.Cause);
    }

    [Fact]
    public async Task An_unknown_function_is_a_resource_that_was_not_found()
    {
        await using LoopbackServer server = await LoopbackServer.AnsweringAsync(200, "null");

        const string Arn = "arn:aws:lambda:us-east-1:111111111111:function:nobody";
        TaskRefused refused = Assert.IsType<TaskRefused>(await InvokeAsync(server, Invocations.OfFunction("{}", Arn)));

        Assert.Equal("Lambda.ResourceNotFoundException", refused.Error);
        Assert.StartsWith($"Function not found: {Arn} (Service: AWSLambda; Status Code: 404; ", refused.Cause);
        Assert.Empty(server.Received);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public async Task A_result_may_be_as_large_as_a_payload_and_no_larger(int beyond, bool accepted)
    {
        const int Quotes = 2;
        string text = new('a', Development.MaxPayloadBytes - Quotes + beyond);
        await using LoopbackServer server = await LoopbackServer.AnsweringAsync(200, $"\"{text}\"");

        TaskOutcome outcome = await InvokeAsync(server, Invocations.OfFunction("{}"));

        if (accepted)
        {
            Assert.Equal(Development.MaxPayloadBytes, Assert.IsType<TaskAnswered>(outcome).Output.Utf8Length);
            return;
        }

        TaskRefused refused = Assert.IsType<TaskRefused>(outcome);
        Assert.Equal("States.DataLimitExceeded", refused.Error);
        Assert.Equal(
            $"The state/task '{Invocations.FunctionArn}' returned a result with a size exceeding the maximum number of bytes service limit.",
            refused.Cause);
    }

    [Theory]
    [InlineData(0, false, true)]
    [InlineData(1, false, false)]
    [InlineData(0, true, true)]
    [InlineData(1, true, false)]
    public async Task No_more_of_a_body_is_read_than_allowed(int beyond, bool chunked, bool accepted)
    {
        TargetOptions options = Development with { MaxResponseBytes = 10_000 };
        string body = "1" + new string(' ', options.MaxResponseBytes - 1 + beyond);
        await using LoopbackServer server = await LoopbackServer.StartAsync(async context =>
        {
            context.Response.ContentLength = chunked ? null : body.Length;
            await context.Response.StartAsync(context.RequestAborted);
            foreach (char[] part in body.Chunk(1_000))
            {
                await Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(context.Response, new string(part), context.RequestAborted);
            }
        });

        TaskOutcome outcome = await InvokeAsync(server, Invocations.OfFunction("{}"), options);

        string? error = (outcome as TaskRefused)?.Error;
        Assert.Equal(accepted ? null : "States.DataLimitExceeded", error);
    }

    [Fact]
    public async Task A_function_that_nobody_serves_is_a_client_exception()
    {
        Uri gone;
        await using (LoopbackServer server = await LoopbackServer.AnsweringAsync(200, "null"))
        {
            gone = server.Url;
        }

        TaskRefused refused = Assert.IsType<TaskRefused>(await InvokeAsync(gone, Invocations.OfFunction("{}"), Development));

        Assert.Equal("Lambda.SdkClientException", refused.Error);
        Assert.StartsWith("Unable to execute HTTP request: ", refused.Cause);
    }

    [Fact]
    public async Task A_connection_that_breaks_within_the_body_is_a_client_exception()
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync(async context =>
        {
            context.Response.ContentLength = 100;
            await context.Response.Body.WriteAsync("{\"a\""u8.ToArray(), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            context.Abort();
        });

        TaskRefused refused = Assert.IsType<TaskRefused>(await InvokeAsync(server, Invocations.OfFunction("{}")));

        Assert.Equal("Lambda.SdkClientException", refused.Error);
    }

    [Fact]
    public async Task A_function_that_takes_too_long_has_timed_out()
    {
        var time = new FiringTime();
        await using LoopbackServer server = await LoopbackServer.StartAsync(context =>
        {
            time.Fire();
            return LoopbackServer.NeverAsync(context);
        });
        using var http = new OutgoingHttp(Development, new SystemNameResolver(), time);
        var target = new FunctionTarget(MemoryFunctionStore.With("price", server.Url), http, Development);

        TaskRefused refused = Assert.IsType<TaskRefused>(
            await target.InvokeAsync(Invocations.OfFunction("{}"), TestContext.Current.CancellationToken));

        Assert.Equal("Sandbox.Timedout", refused.Error);
        Assert.Contains("Task timed out after 900.00 seconds", refused.Cause);
    }

    [Fact]
    public async Task The_caller_can_give_up()
    {
        using var caller = new CancellationTokenSource();
        await using LoopbackServer server = await LoopbackServer.StartAsync(async context =>
        {
            await caller.CancelAsync();
            await LoopbackServer.NeverAsync(context);
        });
        using OutgoingHttp http = Http(Development);
        var target = new FunctionTarget(MemoryFunctionStore.With("price", server.Url), http, Development);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await target.InvokeAsync(Invocations.OfFunction("{}"), caller.Token));
    }

    [Fact]
    public async Task Outside_development_mode_loopback_is_out_of_reach()
    {
        await using LoopbackServer server = await LoopbackServer.AnsweringAsync(200, "null");

        TaskRefused refused = Assert.IsType<TaskRefused>(await InvokeAsync(
            server, Invocations.OfFunction("{}"), new TargetOptions { AllowPlainHttp = true }));

        Assert.Equal("States.Permissions", refused.Error);
        Assert.Empty(server.Received);
    }

    [Theory]
    [InlineData("arn:aws:lambda:us-east-1:111111111111:function:price:7", "/?Qualifier=7")]
    [InlineData("arn:aws:lambda:us-east-1:111111111111:function:price:live", "/?Qualifier=live")]
    [InlineData("arn:aws-cn:lambda:cn-north-1:222222222222:function:price", "/")]
    public async Task A_function_resolves_by_its_name_and_hands_its_qualifier_on(string arn, string target)
    {
        await using LoopbackServer server = await LoopbackServer.AnsweringAsync(200, "null");

        Assert.IsType<TaskAnswered>(await InvokeAsync(server, Invocations.OfFunction("{}", arn)));

        Assert.Equal(target, server.Received.Single().Target);
    }

    internal static OutgoingHttp Http(TargetOptions options) => new(options, new SystemNameResolver(), TimeProvider.System);

    private static Task<TaskOutcome> InvokeAsync(LoopbackServer server, TaskInvocation invocation, TargetOptions? options = null) =>
        InvokeAsync(server.Url, invocation, options ?? Development);

    private static async Task<TaskOutcome> InvokeAsync(Uri url, TaskInvocation invocation, TargetOptions options)
    {
        using OutgoingHttp http = Http(options);
        var target = new FunctionTarget(MemoryFunctionStore.With("price", url), http, options);
        return await target.InvokeAsync(invocation, TestContext.Current.CancellationToken);
    }
}
