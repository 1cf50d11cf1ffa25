using System.Globalization;
using System.Text;
using Lockstep.Service.Objects;
using Lockstep.Service.Tenancy;

namespace Lockstep.Targets.MapRuns.Reading;

/// <summary>The manifest that Athena writes with the results of an UNLOAD: the URI of a data file a line.</summary>
internal static class AthenaManifest
{
    private const string Scheme = "s3://";

    /// <summary>Reads a manifest.</summary>
    /// <param name="tenant">Whose objects the files are.</param>
    /// <param name="utf8">The manifest.</param>
    /// <exception cref="ItemReadException">A line is no URI of an object.</exception>
    public static IReadOnlyList<ObjectPlace> Read(TenantId tenant, byte[] utf8)
    {
        List<ObjectPlace> files = [];
        int number = 0;
        foreach (ReadOnlySpan<char> line in Encoding.UTF8.GetString(utf8).AsSpan().TrimStart('\ufeff').EnumerateLines())
        {
            number++;
            ReadOnlySpan<char> uri = line.Trim();
            uri = uri is ['"', .. var quoted, '"'] ? quoted : uri;
            if (!uri.IsEmpty)
            {
                files.Add(FileOf(tenant, uri, number));
            }
        }

        return files;
    }

    private static ObjectPlace FileOf(TenantId tenant, ReadOnlySpan<char> uri, int number)
    {
        int slash = uri.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? uri[Scheme.Length..].IndexOf('/') : -1;
        if (slash < 0)
        {
            throw new ItemReadException(string.Create(
                CultureInfo.InvariantCulture, $"Line {number} of the manifest has to be the URI of a data file, s3://bucket/key, as Athena writes it."));
        }

        var place = new ObjectPlace(tenant, uri[Scheme.Length..][..slash].ToString(), uri[Scheme.Length..][(slash + 1)..].ToString());
        return ObjectNames.Check(place) is { } badName
            ? throw new ItemReadException(string.Create(CultureInfo.InvariantCulture, $"Line {number} of the manifest: {badName.Message}"))
            : place;
    }
}
