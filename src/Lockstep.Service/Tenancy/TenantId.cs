using System.Diagnostics.CodeAnalysis;

namespace Lockstep.Service.Tenancy;

/// <summary>A tenant's 12-digit number, used where AWS has the account. A default value is no tenant and matches nothing.</summary>
public readonly record struct TenantId
{
    /// <summary>The digits that no tenant has.</summary>
    public const string None = "000000000000";

    private readonly string? _digits;

    private TenantId(string digits) => _digits = digits;

    /// <summary>The twelve digits.</summary>
    public string Value => _digits ?? throw new InvalidOperationException("A default TenantId names no tenant.");

    /// <summary>Parses exactly twelve ASCII digits.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out TenantId tenant)
    {
        tenant = default;
        if (text is not { Length: 12 } || text.AsSpan().ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        tenant = new TenantId(text);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => _digits ?? "(no tenant)";
}
