using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Lockstep.Asl.Resources;

/// <summary>Reads the ARN in the <c>Resource</c> field of a Task state. Partition, region and account are not interpreted.</summary>
public static class TaskResourceParser
{
    /// <summary>The suffix by which an integration pattern shows in an ARN; empty for request-response.</summary>
    public static string SuffixOf(IntegrationPattern pattern) => pattern switch
    {
        IntegrationPattern.RequestResponse => "",
        IntegrationPattern.Sync => ".sync",
        IntegrationPattern.Sync2 => ".sync:2",
        IntegrationPattern.WaitForTaskToken => ".waitForTaskToken",
        _ => throw new UnreachableException(),
    };

    /// <summary>Reads a resource.</summary>
    /// <param name="text">Such as <c>arn:aws:states:::lambda:invoke.waitForTaskToken</c>.</param>
    /// <param name="resource">The resource, when the text is one.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out TaskResource? resource)
    {
        ArgumentNullException.ThrowIfNull(text);
        resource = null;
        ReadOnlySpan<char> rest = text;
        if (!rest.StartsWith("arn:", StringComparison.Ordinal)
            || !TryTake(ref rest, out _) || !TryTake(ref rest, out _)
            || !TryTake(ref rest, out ReadOnlySpan<char> service) || !TryTake(ref rest, out _) || !TryTake(ref rest, out _))
        {
            return false;
        }

        if (service is "states")
        {
            return rest.StartsWith("activity:", StringComparison.Ordinal)
                ? TryActivity(text, rest["activity:".Length..], out resource)
                : TryService(text, rest, out resource);
        }

        return service is "lambda" && rest.StartsWith("function:", StringComparison.Ordinal)
            && TryFunction(text, rest["function:".Length..], out resource);
    }

    private static bool TryActivity(string text, ReadOnlySpan<char> name, [NotNullWhen(true)] out TaskResource? resource)
    {
        resource = name.IsEmpty || name.Contains(':')
            ? null
            : new TaskResource(text, ResourceKind.Activity, "", name.ToString(), IntegrationPattern.RequestResponse);
        return resource is not null;
    }

    private static bool TryFunction(string text, ReadOnlySpan<char> name, [NotNullWhen(true)] out TaskResource? resource)
    {
        int qualifier = name.IndexOf(':');
        ReadOnlySpan<char> unqualified = qualifier < 0 ? name : name[..qualifier];
        resource = unqualified.IsEmpty
            ? null
            : new TaskResource(text, ResourceKind.Function, "", unqualified.ToString(), IntegrationPattern.RequestResponse);
        return resource is not null;
    }

    private static bool TryService(string text, ReadOnlySpan<char> rest, [NotNullWhen(true)] out TaskResource? resource)
    {
        resource = null;
        IntegrationPattern pattern = IntegrationPattern.RequestResponse;
        ReadOnlySpan<IntegrationPattern> suffixed = [IntegrationPattern.Sync, IntegrationPattern.Sync2, IntegrationPattern.WaitForTaskToken];
        foreach (IntegrationPattern candidate in suffixed)
        {
            if (rest.EndsWith(SuffixOf(candidate), StringComparison.Ordinal))
            {
                pattern = candidate;
            }
        }

        ReadOnlySpan<char> name = rest[..^SuffixOf(pattern).Length];
        int split = name.LastIndexOf(':');
        if (split <= 0 || split == name.Length - 1)
        {
            return false;
        }

        resource = new TaskResource(text, ResourceKind.Service, name[..split].ToString(), rest[(split + 1)..].ToString(), pattern);
        return true;
    }

    private static bool TryTake(ref ReadOnlySpan<char> rest, out ReadOnlySpan<char> part)
    {
        int colon = rest.IndexOf(':');
        if (colon < 0)
        {
            part = default;
            return false;
        }

        part = rest[..colon];
        rest = rest[(colon + 1)..];
        return true;
    }
}
