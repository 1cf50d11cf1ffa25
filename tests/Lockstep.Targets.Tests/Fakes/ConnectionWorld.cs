using System.Collections.Concurrent;
using Lockstep.Json;
using Lockstep.Service.Connections;
using Lockstep.Service.Errors;
using Lockstep.Service.Limits;
using Lockstep.Service.Naming;
using Lockstep.Service.Paging;
using Lockstep.Service.Security;
using Lockstep.Service.Targets;
using Lockstep.Service.Tenancy;
using Lockstep.Targets.Http;
using Lockstep.Targets.Outgoing;
using Lockstep.TestKit;

namespace Lockstep.Targets.Tests.Fakes;

/// <summary>The target of <c>http:invoke</c> with connections in memory and a clock that stands still.</summary>
internal sealed class ConnectionWorld : IDisposable
{
    private readonly OutgoingHttp _http;
    private readonly HttpInvokeTarget _target;
    private readonly ConnectionUseCases _connections;

    public ConnectionWorld(TargetOptions? options = null)
    {
        TargetOptions chosen = options ?? new TargetOptions { DevelopmentMode = true };
        ServiceLimits limits = ServiceLimits.Default;
        var ring = new KeyRing([new SigningKey("k1", new byte[32], Time.GetUtcNow())]);
        _connections = new ConnectionUseCases(
            new MemoryConnections(), new SecretCipher(ring), new ArnFormat("local"), new ResourceNames(limits), new PageTokens(ring, limits), limits, allowPlainHttp: true, Time);
        _http = new OutgoingHttp(chosen, new SystemNameResolver(), Time);
        _target = new HttpInvokeTarget(_http, chosen, () => _connections, Time);
    }

    public ManualTime Time { get; } = new();

    /// <summary>Puts a connection and answers with its ARN.</summary>
    public async Task<string> PutAsync(string settings, TenantId? tenant = null, string name = "c")
    {
        Result<PutConnectionOutcome> put = await _connections.PutAsync(
            tenant ?? Invocations.Tenant, name, (JsonObject)JsonValue.Parse(settings), TestContext.Current.CancellationToken);
        return put.Succeeded ? put.Value.Connection.Arn : throw new InvalidOperationException($"{put.Error.Target}: {put.Error.Message}");
    }

    /// <summary>Calls with the parameters, the address and the connection.</summary>
    public Task<TaskOutcome> CallAsync(Uri url, string arn, string parameters = """{"Method":"POST"}""", HttpExchange? exchange = null) =>
        InvokeAsync(With(url, arn, parameters), exchange);

    /// <summary>Calls until somebody gives up.</summary>
    public Task<TaskOutcome> CallUntilAsync(Uri url, string arn, CancellationToken gaveUp) => SendAsync(With(url, arn, """{"Method":"POST"}"""), null, gaveUp);

    /// <summary>Calls with the parameters as they are.</summary>
    public Task<TaskOutcome> InvokeAsync(string parameters, HttpExchange? exchange = null) =>
        SendAsync(parameters, exchange, TestContext.Current.CancellationToken);

    public void Dispose() => _http.Dispose();

    private static string With(Uri url, string arn, string parameters) => ((JsonObject)JsonValue.Parse(parameters))
        .With("ApiEndpoint", JsonString.Of(url.OriginalString))
        .With("InvocationConfig", JsonObject.Of("ConnectionArn", JsonString.Of(arn)))
        .ToString();

    private async Task<TaskOutcome> SendAsync(string parameters, HttpExchange? exchange, CancellationToken cancellation) =>
        await _target.InvokeAsync(Invocations.OfService("http", "invoke", parameters) with { Exchange = exchange }, cancellation);

    private sealed class MemoryConnections : IConnectionStore
    {
        private readonly ConcurrentDictionary<(TenantId, string), ConnectionRecord> _rows = new();

        public ValueTask<StoredConnection> PutAsync(ConnectionRecord connection, CancellationToken cancellation)
        {
            ConnectionRecord stored = _rows.AddOrUpdate(
                (connection.Summary.Tenant, connection.Summary.Name),
                connection,
                (_, old) => connection with { Summary = connection.Summary with { Id = old.Summary.Id } });
            return new(new StoredConnection(stored.Summary, stored == connection));
        }

        public ValueTask<ConnectionRecord?> FindAsync(TenantId tenant, string name, CancellationToken cancellation) => new(_rows.GetValueOrDefault((tenant, name)));

        public ValueTask<bool> DeleteAsync(TenantId tenant, string name, CancellationToken cancellation) => new(_rows.TryRemove((tenant, name), out _));

        public ValueTask<Page<ConnectionSummary>> ListAsync(TenantId tenant, PageRequest page, CancellationToken cancellation) =>
            throw new NotSupportedException("No call lists connections.");

        public ValueTask<int> CountAsync(TenantId tenant, CancellationToken cancellation) => new(_rows.Count);
    }
}
