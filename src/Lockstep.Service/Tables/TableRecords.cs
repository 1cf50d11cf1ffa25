using Lockstep.Json;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service.Tables;

/// <summary>Where a table is. Tables of one tenant are unknown to every other.</summary>
/// <param name="Tenant">The owner.</param>
/// <param name="Name">3 to 255 letters, digits, hyphens, underscores and full stops.</param>
public readonly record struct TablePlace(TenantId Tenant, string Name);

/// <summary>An attribute of the key.</summary>
/// <param name="Name">1 to 255 characters.</param>
/// <param name="Type"><c>S</c>, <c>N</c> or <c>B</c>.</param>
public sealed record KeyAttribute(string Name, string Type);

/// <summary>A table, which <c>dynamodb:</c> tasks work on.</summary>
/// <param name="Place">Where it is.</param>
/// <param name="PartitionKey">The first attribute of its key.</param>
/// <param name="SortKey">The second; null when there is none.</param>
/// <param name="CreatedAt">When it was created.</param>
public sealed record TableRecord(TablePlace Place, KeyAttribute PartitionKey, KeyAttribute? SortKey, DateTimeOffset CreatedAt);

/// <summary>What a change makes of an item.</summary>
/// <param name="Accepted">Whether the item changes; else nothing is stored.</param>
/// <param name="Item">The item afterwards; null when there is none.</param>
/// <param name="Answer">What the caller is told.</param>
public sealed record ItemChange(bool Accepted, JsonObject? Item, JsonObject Answer);

/// <summary>How a change ended.</summary>
public enum ItemChangeStatus
{
    /// <summary>The item is as the change says.</summary>
    Done,

    /// <summary>The change refused; nothing is different.</summary>
    Refused,

    /// <summary>There is no such table.</summary>
    NoTable,

    /// <summary>The table holds as many items as it may.</summary>
    Full,
}

/// <summary>How a change ended, with what the caller is told.</summary>
/// <param name="Status">How.</param>
/// <param name="Answer">The change's answer; empty when there was no table or no room.</param>
public sealed record ItemChangeOutcome(ItemChangeStatus Status, JsonObject Answer);
