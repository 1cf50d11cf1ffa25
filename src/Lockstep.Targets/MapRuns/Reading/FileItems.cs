using Lockstep.Json;

namespace Lockstep.Targets.MapRuns.Reading;

/// <summary>Items that were read of one file.</summary>
/// <param name="Items">The items, in their order.</param>
/// <param name="Cursor">Where to go on in the file; null when it has nothing more.</param>
/// <param name="AreMembers">Whether the items are members of a JSON object.</param>
internal sealed record FileItems(JsonArray Items, string? Cursor, bool AreMembers = false);
