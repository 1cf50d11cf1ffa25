using System.Globalization;
using Lockstep.Json;
using Lockstep.Service.Objects;

namespace Lockstep.Targets.S3;

/// <summary>How S3 shows what an object has.</summary>
internal static class S3Values
{
    /// <summary>The entity tag, in quotes.</summary>
    public static JsonString ETag(ObjectRecord found) => JsonString.Of($"\"{found.ETag}\"");

    /// <summary>When it was put, in whole seconds.</summary>
    public static JsonString Time(ObjectRecord found) =>
        JsonString.Of(found.LastModified.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
}
