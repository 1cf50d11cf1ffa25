using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Lockstep.Api.Hosting;
using Lockstep.Json;
using Lockstep.Service;
using Lockstep.Service.Limits;
using Lockstep.Service.Telemetry;
using Lockstep.Service.Tests.Memory;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Lockstep.Api.Tests.Support;

/// <summary>The API on Kestrel at a free port of the loopback, over the platform in memory, and clients of its two tenants.</summary>
internal sealed class ApiHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ApiHost(WebApplication app, MemoryPlatform platform, LogLines log)
    {
        _app = app;
        Platform = platform;
        Log = log;
        BaseAddress = AddressOf(app);
        Anna = Client(platform.AnnasKey);
        Bert = Client(platform.BertsKey);
        Nobody = Client(null);
    }

    public MemoryPlatform Platform { get; }

    public LogLines Log { get; }

    public Uri BaseAddress { get; }

    public TestClient Anna { get; }

    public TestClient Bert { get; }

    public TestClient Nobody { get; }

    public Draining Draining => _app.Services.GetRequiredService<Draining>();

    public Routing.ApiSurroundings Surroundings => _app.Services.GetRequiredService<Routing.ApiSurroundings>();

    public static async Task<ApiHost> StartAsync(ServiceLimits? limits = null, ApiOptions? options = null, ServiceSettings? settings = null, ServiceTelemetry? telemetry = null)
    {
        MemoryPlatform platform = await MemoryPlatform.CreateAsync(limits, settings, telemetry);
        var log = new LogLines();
        WebApplication app = await ServeAsync(platform.Service, options ?? new ApiOptions { LimitRate = false }, log);
        return new ApiHost(app, platform, log);
    }

    /// <summary>Serves an application on Kestrel at a free port of the loopback.</summary>
    public static async Task<WebApplication> ServeAsync(LockstepService service, ApiOptions options, LogLines log)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(log).SetMinimumLevel(LogLevel.Debug);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddLockstepApi(service, options);
        WebApplication app = builder.Build();
        app.MapLockstep();
        await app.StartAsync();
        return app;
    }

    /// <summary>Where an application is served.</summary>
    public static Uri AddressOf(WebApplication app) =>
        new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.First()
            ?? throw new InvalidOperationException("Kestrel says no address."));

    /// <summary>A caller of an address with a key, or none.</summary>
    public static TestClient ClientOf(Uri address, string? key)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = address };
        if (key is not null)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        return new TestClient(client);
    }

    /// <summary>Creates a machine of Anna's.</summary>
    public async Task CreateMachineAsync(string name, string definition, string type = "STANDARD")
    {
        Answer created = await Anna.PostAsync("/v1/state-machines", $$"""{"name":"{{name}}","definition":{{definition}},"type":"{{type}}"}""");
        Assert.Equal(201, created.Code);
    }

    /// <summary>Yields until something is so, and not for ever.</summary>
    public static async Task UntilAsync(Func<bool> so)
    {
        const int most = 20_000_000;
        for (int i = 0; !so(); i++)
        {
            Assert.True(i < most, "It has not come to that.");
            await Task.Yield();
        }
    }

    public TestClient Client(string? key) => ClientOf(BaseAddress, key);

    public async ValueTask DisposeAsync()
    {
        Anna.Dispose();
        Bert.Dispose();
        Nobody.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}

/// <summary>What came back: status, headers and the body as JSON.</summary>
internal sealed record Answer(HttpStatusCode Status, HttpResponseMessage Message, string Text)
{
    public int Code => (int)Status;

    public JsonObject Json => JsonValue.Parse(Text) as JsonObject ?? throw new FormatException($"Not an object: {Text}");

    public string Problem => Json["code"] is JsonString code ? code.Value : throw new FormatException($"Not a problem: {Text}");

    public string String(string name) => Json[name] is JsonString text ? text.Value : throw new FormatException($"No {name}: {Text}");

    public JsonArray Value => Json["value"] as JsonArray ?? throw new FormatException($"No list: {Text}");
}

/// <summary>A caller with one key, or none.</summary>
internal sealed class TestClient(HttpClient http) : IDisposable
{
    public HttpClient Http => http;

    public Task<Answer> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync("GET", path, null, headers);

    public Task<Answer> PostAsync(string path, string? json = null, params (string Name, string Value)[] headers) =>
        SendAsync("POST", path, json, headers);

    public async Task<(int Status, string Code)> ProblemOfPostAsync(string path, string json)
    {
        Answer answer = await PostAsync(path, json);
        return (answer.Code, answer.Problem);
    }

    public Task<Answer> PutAsync(string path, string? json, params (string Name, string Value)[] headers) => SendAsync("PUT", path, json, headers);

    public Task<Answer> DeleteAsync(string path, params (string Name, string Value)[] headers) => SendAsync("DELETE", path, null, headers);

    public async Task<Answer> SendAsync(string method, string path, string? json, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        }

        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        HttpResponseMessage response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return new Answer(response.StatusCode, response, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public void Dispose() => http.Dispose();
}

/// <summary>Every line that was logged.</summary>
internal sealed class LogLines : ILoggerProvider, ILogger
{
    private readonly System.Collections.Concurrent.ConcurrentQueue<string> _lines = new();

    public IEnumerable<string> Lines => _lines;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue($"{logLevel} {formatter(state, exception)} {exception}");

    public void Dispose()
    {
    }
}
