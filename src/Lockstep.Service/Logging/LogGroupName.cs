using System.Diagnostics.CodeAnalysis;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service.Logging;

/// <summary>Names of log groups (CloudWatch Logs API Reference, CreateLogGroup), alone and in ARNs. A group comes to be with the first event that is logged to it.</summary>
public static class LogGroupName
{
    /// <summary>Characters of a name.</summary>
    public const int MaxLength = 512;

    /// <summary>Whether a text is a name: 1 to 512 of <c>a-z A-Z 0-9 _ - / . #</c>.</summary>
    public static bool IsValid(string name) =>
        name.Length is > 0 and <= MaxLength && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '/' or '.' or '#');

    /// <summary>Reads the owner and the name in an ARN of any region: <c>arn:aws:logs:region:account:log-group:name:*</c>.</summary>
    public static bool TryRead(string arn, out TenantId tenant, [NotNullWhen(true)] out string? name)
    {
        tenant = default;
        name = null;
        string[] parts = arn.Split(':');
        if (parts is not ["arn", { Length: > 0 }, "logs", { Length: > 0 }, _, "log-group", _, "*"]
            || !TenantId.TryParse(parts[4], out tenant)
            || !IsValid(parts[6]))
        {
            return false;
        }

        name = parts[6];
        return true;
    }
}
