using System.Collections.Immutable;
using System.Diagnostics;
using Azure.Data.Tables;
using Lockstep.Azure.Ports;

namespace Lockstep.Azure.Storage;

/// <summary>Entities of the port as entities of Azure Tables, and back, without loss.</summary>
internal static class EntityFormat
{
    private static readonly ImmutableHashSet<string> _systemNames =
        ["PartitionKey", "RowKey", "Timestamp", "odata.etag", "odata.metadata", "odata.type", "odata.id", "odata.editLink"];

    /// <summary>The entity as the SDK sends it.</summary>
    public static TableEntity ToTable(Entity entity)
    {
        var sent = new TableEntity(entity.Key.Partition, entity.Key.Row);
        foreach ((string name, object value) in entity.Properties)
        {
            sent[name] = value switch
            {
                ReadOnlyMemory<byte> bytes => bytes.ToArray(),
                string or long or bool or DateTimeOffset => value,
                _ => throw new UnreachableException($"{name} of {entity.Key} is of type {value.GetType()}."),
            };
        }

        return sent;
    }

    /// <summary>The entity as the port shows it.</summary>
    public static Entity FromTable(TableEntity received)
    {
        var properties = ImmutableDictionary.CreateBuilder<string, object>();
        foreach ((string name, object? value) in received)
        {
            if (!_systemNames.Contains(name) && value is not null)
            {
                properties[name] = value switch
                {
                    byte[] bytes => new ReadOnlyMemory<byte>(bytes),
                    BinaryData data => data.ToMemory(),
                    string or long or bool or DateTimeOffset => value,
                    _ => throw new InvalidOperationException(
                        $"{name} of {received.PartitionKey}, {received.RowKey} is of type {value.GetType()}, which this service does not write."),
                };
            }
        }

        return new Entity(new EntityKey(received.PartitionKey, received.RowKey), properties.ToImmutable()) { ETag = received.ETag.ToString() };
    }
}
