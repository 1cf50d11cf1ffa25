using System.Net;
using Lockstep.Json;
using Lockstep.Service.Functions;
using Lockstep.Service.Targets;
using Lockstep.Targets.Outgoing;

namespace Lockstep.Targets.Functions;

/// <summary>
/// Calls a registered function: POST, JSON in, JSON out (Lambda API, Invoke). Invariant: an answer counts as success only when its status
/// is 200 to 299, it has no field <c>X-Amz-Function-Error</c>, and its body is JSON or empty.
/// </summary>
internal sealed class FunctionCaller(IFunctionStore functions, OutgoingHttp http, TargetOptions options)
{
    /// <summary>The field by which a function says that it failed although the call succeeded.</summary>
    public const string FunctionErrorHeader = "X-Amz-Function-Error";

    private readonly JsonReadLimits _limits = new() { MaxBytes = options.MaxResponseBytes };

    /// <summary>Calls and judges the answer; the caller disposes of <see cref="FunctionCall.Answer"/>.</summary>
    public async ValueTask<FunctionCall> CallAsync(
        TaskInvocation invocation, FunctionReference function, string arn, JsonValue payload, Action<HttpRequestMessage>? prepare, CancellationToken cancellation)
    {
        FunctionRecord? record = await functions.FindAsync(invocation.Tenant, function.Name, cancellation);
        if (record is null)
        {
            return new FunctionCall(FunctionFailures.NotFound(invocation, arn));
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, AddressOf(record.Url, function.Qualifier))
        {
            Version = HttpVersion.Version11,
            Content = new JsonRequestContent(payload),
        };
        CallHeaders.AddTo(request, invocation);
        prepare?.Invoke(request);

        OutgoingOutcome outcome = await http.SendAsync(request, options.FunctionTimeout, cancellation);
        if (outcome is not OutgoingAnswer answer)
        {
            return new FunctionCall(FunctionFailures.NoAnswer(invocation, (OutgoingFailure)outcome, options.FunctionTimeout));
        }

        FunctionCall call = Judge(invocation, answer);
        if (call.Refusal is not null)
        {
            answer.Dispose();
        }

        return call;
    }

    private FunctionCall Judge(TaskInvocation invocation, OutgoingAnswer answer)
    {
        if (!answer.IsSuccess || answer.Headers.Contains(FunctionErrorHeader))
        {
            return new FunctionCall(FunctionFailures.OfAnswer(invocation, answer, _limits));
        }

        if (answer.Body.IsEmpty)
        {
            return new FunctionCall(JsonNull.Instance, answer);
        }

        return JsonReader.Read(answer.Body, _limits).TryGetValue(out JsonValue? value, out JsonReadError? error)
            ? new FunctionCall(value, answer)
            : new FunctionCall(FunctionFailures.NotJson(invocation, error));
    }

    private static Uri AddressOf(Uri url, string? qualifier)
    {
        if (qualifier is null)
        {
            return url;
        }

        string separator = url.Query.Length == 0 ? "?" : "&";
        return new Uri($"{url.GetLeftPart(UriPartial.Query)}{separator}Qualifier={Uri.EscapeDataString(qualifier)}");
    }
}

/// <summary>How a call of a function ended: a payload with the answer that carried it, or a refusal.</summary>
internal readonly struct FunctionCall
{
    public FunctionCall(TaskRefused refusal) => Refusal = refusal;

    public FunctionCall(JsonValue payload, OutgoingAnswer answer)
    {
        Payload = payload;
        Answer = answer;
    }

    /// <summary>The failure; null on success.</summary>
    public TaskRefused? Refusal { get; }

    /// <summary>The function's result; null on failure.</summary>
    public JsonValue? Payload { get; }

    /// <summary>The answer on success, to be disposed of; null on failure.</summary>
    public OutgoingAnswer? Answer { get; }

    /// <summary>Splits into success and failure.</summary>
    [System.Diagnostics.CodeAnalysis.MemberNotNullWhen(true, nameof(Payload), nameof(Answer))]
    [System.Diagnostics.CodeAnalysis.MemberNotNullWhen(false, nameof(Refusal))]
    public bool Succeeded => Refusal is null;
}
