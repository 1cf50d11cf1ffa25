using Lockstep.Service.Tenancy;

namespace Lockstep.Cli.Composition;

/// <summary>The one tenant of development mode and of <c>run</c>.</summary>
internal static class DevelopmentTenant
{
    private const string Digits = "000000000001";

    /// <summary>Its number.</summary>
    public static TenantId Id { get; } = TenantId.TryParse(Digits, out TenantId tenant) ? tenant : throw new FormatException(Digits);
}
