using Lockstep.Embedded.Hosting;
using Lockstep.Json;
using Lockstep.Service;
using Lockstep.Service.Channels;
using Lockstep.Service.Errors;
using Lockstep.Service.Limits;
using Lockstep.Service.Objects;
using Lockstep.Service.Paging;
using Lockstep.Service.Tables;
using Lockstep.Targets.Tests.Fakes;
using Lockstep.TestKit;

namespace Lockstep.Targets.Tests.Messaging;

/// <summary>Queues, topics and event buses on a data folder of their own, with a clock that stands still.</summary>
internal sealed class ChannelWorld : IAsyncDisposable
{
    private readonly string _folder;
    private readonly EmbeddedHost _host;

    private ChannelWorld(string folder, EmbeddedHost host, PageTokens pages, ServiceLimits limits, ManualTime time)
    {
        _folder = folder;
        _host = host;
        Channels = new ChannelUseCases(host.Channels, pages, limits, time);
        Objects = new ObjectUseCases(host.Objects, pages, limits);
        Tables = new TableUseCases(host.Tables, pages, limits, time);
        Time = time;
    }

    public ChannelUseCases Channels { get; }

    public ObjectUseCases Objects { get; }

    public TableUseCases Tables { get; }

    public ManualTime Time { get; }

    public static async Task<ChannelWorld> OpenAsync(ServiceLimits? limits = null)
    {
        var time = new ManualTime();
        string folder = Directory.CreateTempSubdirectory("lockstep-channels-").FullName;
        EmbeddedHost host = EmbeddedHost.Open(folder, new EmbeddedSetup(
            new EmbeddedOptions(), time, machine => throw new InvalidOperationException($"No execution of {machine.Name} runs here.")));
        ServiceKeys keys = await ServiceKeys.LoadAsync(host.SigningKeys, time, CancellationToken.None);
        ServiceLimits used = limits ?? ServiceLimits.Default;
        return new ChannelWorld(folder, host, new PageTokens(keys.PageTokens, used), used, time);
    }

    public static ChannelPlace Place(ChannelKind kind, string name) => new(Invocations.Tenant, kind, name);

    public async Task<string?> CreateAsync(ChannelKind kind, string name)
    {
        Result<CreateChannelOutcome> created = await Channels.CreateAsync(Place(kind, name), CancellationToken.None);
        return created.Succeeded ? null : created.Error.Code;
    }

    public async Task<JsonObject[]> ContentsAsync(ChannelKind kind, string name)
    {
        Result<Page<MessageRecord>> page = await Channels.ReadAsync(Place(kind, name), 0, null, CancellationToken.None);
        return page.Succeeded ? [.. page.Value.Items.Select(message => message.Content)] : throw new InvalidOperationException(page.Error.Message);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
