using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Lockstep.Api.Routing;
using Lockstep.Engine;
using Lockstep.Engine.History;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Paging;

namespace Lockstep.Api.Operations;

/// <summary>
/// One open stream of server-sent events (WHATWG HTML, "Server-sent events"). It sends only what is durable, each event once and in
/// order, waits without polling, and ends with the execution, with its time, with the client or with the service.
/// </summary>
internal sealed class HistoryStream(ApiCall call, ExecutionKey key, long lastSeen)
{
    /// <summary>Media type of the stream.</summary>
    public const string MediaType = "text/event-stream";

    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private readonly ArrayBufferWriter<byte> _data = new();
    private long _lastSeen = lastSeen;

    /// <summary>Sends until the end.</summary>
    public async ValueTask SendAsync()
    {
        CancellationToken draining = call.Surroundings.Draining.Begun;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(call.Cancellation, draining);
        call.Response.StatusCode = 200;
        call.Response.ContentType = MediaType;

        // Following begins before the first read, so that nothing committed between a read and a wait is missed.
        using IExecutionFollower follower = call.Service.Changes.Follow(key);
        try
        {
            await FollowAsync(follower, either.Token);
        }
        catch (OperationCanceledException) when (draining.IsCancellationRequested && !call.Cancellation.IsCancellationRequested)
        {
            await SendAsync(": the service is stopping; come back with Last-Event-ID\n\n", call.Cancellation);
        }
    }

    private async ValueTask FollowAsync(IExecutionFollower follower, CancellationToken cancellation)
    {
        TimeProvider time = call.Service.Time;
        DateTimeOffset end = time.GetUtcNow().AddSeconds(call.Service.Limits.MaxStreamSeconds);
        await SendAsync("retry: 1000\n\n", cancellation);
        while (true)
        {
            // The status is read first: when it says ended, the history read after it is whole.
            Result<ExecutionRecord> execution = await call.Service.Executions.DescribeAsync(key, cancellation);
            if (!execution.Succeeded)
            {
                return;
            }

            await SendNewEventsAsync(cancellation);
            if (execution.Value.Status != ExecutionStatus.Running)
            {
                Write("end", null, static (writer, execution) => ExecutionOperations.Write(writer, execution), execution.Value);
                await FlushAsync(cancellation);
                return;
            }

            TimeSpan left = end - time.GetUtcNow();
            if (left <= TimeSpan.Zero)
            {
                await SendAsync(": time is up; come back with Last-Event-ID\n\n", cancellation);
                return;
            }

            var keepAlive = TimeSpan.FromSeconds(call.Service.Limits.StreamKeepAliveSeconds);
            if (!await follower.WaitAsync(_lastSeen, left < keepAlive ? left : keepAlive, cancellation))
            {
                await SendAsync(": waiting\n\n", cancellation);
            }
        }
    }

    private async ValueTask SendNewEventsAsync(CancellationToken cancellation)
    {
        while (true)
        {
            Result<Page<HistoryEvent>> page = await call.Service.Executions.HistoryAfterAsync(key, _lastSeen, cancellation);
            if (!page.Succeeded)
            {
                return;
            }

            foreach (HistoryEvent entry in page.Value.Items)
            {
                Write(entry.Type.ToString(), entry.Id, static (writer, entry) => HistoryEventJson.Write(writer, entry), entry);
                _lastSeen = entry.Id;
            }

            await FlushAsync(cancellation);
            if (page.Value.Next is null)
            {
                return;
            }
        }
    }

    private void Write<T>(string name, long? id, Action<Utf8JsonWriter, T> write, T state)
    {
        _data.ResetWrittenCount();
        using (var writer = new Utf8JsonWriter(_data, Options))
        {
            write(writer, state);
        }

        if (id is { } number)
        {
            Write(string.Create(CultureInfo.InvariantCulture, $"id: {number}\n"));
        }

        Write($"event: {name}\n");
        ReadOnlySpan<byte> rest = _data.WrittenSpan;
        while (!rest.IsEmpty)
        {
            // An input keeps its own line breaks, and each line of data needs its prefix.
            int end = rest.IndexOfAny((byte)'\n', (byte)'\r');
            call.Response.BodyWriter.Write("data: "u8);
            call.Response.BodyWriter.Write(end < 0 ? rest : rest[..end]);
            call.Response.BodyWriter.Write("\n"u8);
            rest = end < 0 ? default : rest[(end + 1)..];
        }

        call.Response.BodyWriter.Write("\n"u8);
    }

    private void Write(string text) => call.Response.BodyWriter.Write(Encoding.UTF8.GetBytes(text));

    private ValueTask SendAsync(string text, CancellationToken cancellation)
    {
        Write(text);
        return FlushAsync(cancellation);
    }

    private async ValueTask FlushAsync(CancellationToken cancellation) => await call.Response.BodyWriter.FlushAsync(cancellation);
}
