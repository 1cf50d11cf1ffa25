using Lockstep.Service.Errors;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Lockstep.Api.Operations;

/// <summary>Entity tags (RFC 9110, section 8.8.3): a revision in quotes.</summary>
public static class EntityTags
{
    /// <summary>The tag of a revision.</summary>
    public static string Of(string revisionId) => $"\"{revisionId}\"";

    /// <summary>Whether a header of tags, or <c>*</c>, names the revision.</summary>
    public static bool Matches(StringValues header, string revisionId, bool weakly) =>
        header.Count > 0
        && EntityTagHeaderValue.TryParseList(header, out IList<EntityTagHeaderValue>? tags)
        && tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any)
            || ((weakly || !tag.IsWeak) && tag.Tag.Equals(Of(revisionId), StringComparison.Ordinal)));

    /// <summary>The one revision that If-Match names; none when the header is absent or <c>*</c>.</summary>
    public static Result<ExpectedRevision> ReadIfMatch(StringValues header)
    {
        if (header.Count == 0)
        {
            return new ExpectedRevision(null);
        }

        if (!EntityTagHeaderValue.TryParseList(header, out IList<EntityTagHeaderValue>? tags) || tags is not [{ } tag])
        {
            return new ServiceError(ErrorCodes.Validation, "If-Match has to be one entity tag in quotes, as the ETag header gave it.") { Target = "If-Match" };
        }

        if (tag.Equals(EntityTagHeaderValue.Any))
        {
            return new ExpectedRevision(null);
        }

        // A weak tag never matches strongly; it stays in the text, so no revision equals it.
        return new ExpectedRevision(tag.IsWeak ? tag.ToString() : tag.Tag.ToString().Trim('"'));
    }
}

/// <summary>The revision that a change is based on.</summary>
/// <param name="RevisionId">The revision; null when it does not matter.</param>
public sealed record ExpectedRevision(string? RevisionId);
