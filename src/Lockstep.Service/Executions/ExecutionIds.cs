using Lockstep.Service.Errors;
using Lockstep.Service.Naming;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service.Executions;

/// <summary>Reads how callers name an execution: by the id within their tenant, or by its ARN.</summary>
public static class ExecutionIds
{
    private const int StandardParts = 2;
    private const int ExpressParts = 3;
    private const int MaxLength = 512;

    /// <summary>
    /// The key that a text names for a tenant. Another tenant's ARN is answered like an execution that does not exist, so nobody
    /// learns what others have.
    /// </summary>
    public static Result<ExecutionKey> Read(TenantId tenant, string text)
    {
        // The child of a map run has a slash in its id, which stays escaped in the path of a request.
        text = text.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        if (text.StartsWith("arn:", StringComparison.Ordinal))
        {
            if (!ArnFormat.TryParseExecution(text, out ExecutionKey named))
            {
                return Malformed();
            }

            return named.Tenant == tenant ? named : DoesNotExist();
        }

        int parts = text.AsSpan().Count(':') + 1;
        bool wellFormed = text.Length <= MaxLength && parts is StandardParts or ExpressParts && !text.Any(char.IsControl);
        return wellFormed ? new ExecutionKey(tenant, text) : Malformed();
    }

    /// <summary>The failure of asking for an execution that is not there, or not the tenant's.</summary>
    public static ServiceError DoesNotExist() =>
        new(ErrorCodes.ExecutionDoesNotExist, "There is no such execution.") { Target = "id" };

    private static ServiceError Malformed() => new(
        ErrorCodes.InvalidArn, "An execution is named by its id, \"machine:name\", or by its ARN.")
    { Target = "id" };
}
