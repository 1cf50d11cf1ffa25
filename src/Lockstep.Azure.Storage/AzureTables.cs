using Azure.Data.Tables;
using Lockstep.Azure.Ports;

namespace Lockstep.Azure.Storage;

/// <summary>The tables of a storage account.</summary>
public sealed class AzureTables : ITables
{
    private readonly TableServiceClient _service;
    private readonly Dictionary<TableName, AzureTable> _tables;
    private readonly string _prefix;

    /// <summary>Opens the tables; calls nothing.</summary>
    /// <param name="service">The account.</param>
    /// <param name="prefix">Letters that the tables' names begin with, for several deployments in one account; empty as a rule.</param>
    public AzureTables(TableServiceClient service, string prefix = "")
    {
        _service = service;
        _prefix = prefix;
        _tables = Enum.GetValues<TableName>().ToDictionary(name => name, name => new AzureTable(service.GetTableClient(NameOf(name))));
    }

    /// <inheritdoc/>
    public ITable this[TableName name] => _tables[name];

    /// <summary>Creates the tables that are not there. The deployment has made them as a rule; an emulator is empty.</summary>
    public async Task CreateMissingAsync(CancellationToken cancellation)
    {
        foreach (TableName name in _tables.Keys)
        {
            await StorageCalls.MakeAsync(
                $"Creating table {NameOf(name)}", () => _service.CreateTableIfNotExistsAsync(NameOf(name), cancellation), cancellation);
        }
    }

    private string NameOf(TableName name) => _prefix + name switch
    {
        TableName.Tenants => "tenants",
        TableName.Machines => "machines",
        TableName.Functions => "functions",
        TableName.Activities => "activities",
        TableName.Executions => "executions",
        TableName.Listings => "listings",
        TableName.Events => "events",
        TableName.Intents => "intents",
        TableName.Objects => "objects",
        TableName.Channels => "channels",
        TableName.Items => "items",
        TableName.Connections => "connections",
        TableName.Logs => "logs",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
