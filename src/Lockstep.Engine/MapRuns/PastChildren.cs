using System.Collections.Immutable;
using System.Globalization;
using Lockstep.Json;

namespace Lockstep.Engine.MapRuns;

/// <summary>The parameters with which a redriven map run asks for the children that it began before and that did not succeed.</summary>
/// <param name="MaxChildren">Children to find at most.</param>
/// <param name="Cursor">Where the call before ended; null for the first.</param>
/// <param name="HasBatches">Whether a child may have several items: those that its input has under <c>Items</c>.</param>
public sealed record PastChildrenRequest(int MaxChildren, string? Cursor, bool HasBatches)
{
    /// <summary>Reads the parameters.</summary>
    public static PastChildrenRequest Read(JsonValue json) => json is JsonObject request
        ? new PastChildrenRequest((int)Calls.Number(request, "MaxChildren"), Calls.Text(request, "Cursor"), request.Contains("HasBatches"))
        : throw Calls.Malformed("children of before");

    internal JsonObject ToJson()
    {
        JsonObjectBuilder request = new JsonObjectBuilder().Add("MaxChildren", JsonNumber.Of(MaxChildren));
        Calls.Add(request, "Cursor", Cursor);
        if (HasBatches)
        {
            request.Add("HasBatches", JsonBoolean.True);
        }

        return request.Build();
    }
}

/// <summary>A child that did not succeed before its map run was redriven, or that has not ended yet.</summary>
/// <param name="Index">Its index.</param>
/// <param name="Items">Items that it has got.</param>
/// <param name="Status">Its status, by AWS's name.</param>
public sealed record UnsuccessfulChild(long Index, long Items, string Status);

/// <summary>Children that were found.</summary>
/// <param name="Children">The children. None of them is found again from <paramref name="Cursor"/> on, whatever becomes of them meanwhile.</param>
/// <param name="Cursor">Where to go on; null when there are no more.</param>
public sealed record PastChildrenAnswer(ImmutableArray<UnsuccessfulChild> Children, string? Cursor)
{
    /// <summary>Writes the answer: a line of index, items and status for each child.</summary>
    public JsonObject ToJson()
    {
        var answer = new JsonObjectBuilder().Add("Children", JsonArray.Of([.. Children.Select(child => (JsonValue)JsonString.Of(
            string.Create(CultureInfo.InvariantCulture, $"{child.Index} {child.Items} {child.Status}")))]));
        Calls.Add(answer, "Cursor", Cursor);
        return answer.Build();
    }

    internal static PastChildrenAnswer Read(JsonValue json) => json is JsonObject answer && answer["Children"] is JsonArray children
        ? new PastChildrenAnswer([.. children.Select(ReadChild)], Calls.Text(answer, "Cursor"))
        : throw Calls.Malformed("children of before");

    private static UnsuccessfulChild ReadChild(JsonValue json) =>
        json is JsonString text && text.Value.Split(' ') is [string index, string items, string status]
            ? new UnsuccessfulChild(long.Parse(index, CultureInfo.InvariantCulture), long.Parse(items, CultureInfo.InvariantCulture), status)
            : throw Calls.Malformed("children of before");
}
