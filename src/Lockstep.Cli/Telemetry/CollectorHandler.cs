namespace Lockstep.Cli.Telemetry;

/// <summary>
/// Sends batches to the collector and remembers why one was not taken, which the exporter keeps to itself. Follows no redirect, so headers go to
/// the configured address only, and adds no trace context of its own.
/// </summary>
internal sealed class CollectorHandler(DeliveryWatch watch) : DelegatingHandler(new SocketsHttpHandler
{
    AllowAutoRedirect = false,
    UseCookies = false,
    ActivityHeadersPropagator = null,
    PooledConnectionLifetime = TimeSpan.FromMinutes(5),
})
{
    /// <inheritdoc/>
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            HttpResponseMessage response = base.Send(request, cancellationToken);
            watch.Answered(response.StatusCode);
            return response;
        }
        catch (Exception failure)
        {
            watch.Unanswered((failure as HttpRequestException)?.HttpRequestError);
            throw;
        }
    }

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            watch.Answered(response.StatusCode);
            return response;
        }
        catch (Exception failure)
        {
            watch.Unanswered((failure as HttpRequestException)?.HttpRequestError);
            throw;
        }
    }
}
