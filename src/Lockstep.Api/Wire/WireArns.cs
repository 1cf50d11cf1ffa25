using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Naming;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Tenancy;

namespace Lockstep.Api.Wire;

/// <summary>
/// Reads the ARNs of requests. Any partition and region will do. One of another account is refused as Step Functions refuses it, whatever that
/// account has, so nothing can be told from it.
/// </summary>
internal static class WireArns
{
    private const int Parts = 7;

    /// <summary>The execution of a Standard machine; Express ones are told apart.</summary>
    public static WireError? ReadExecution(WireCall call, string arn, out ExecutionKey key)
    {
        key = default;
        if (Split(call, arn, out string kind, out string _) is { } wrong)
        {
            return wrong;
        }

        return kind == "execution" && ArnFormat.TryParseExecution(arn, out key) ? null : WrongKind(kind);
    }

    /// <summary>The state machine, version or alias that an ARN names.</summary>
    public static WireError? ReadStateMachine(WireCall call, string arn, out StateMachineReference reference)
    {
        reference = new StateMachineReference("", null, null);
        if (ReadNamed(call, arn, "stateMachine", out string tail) is { } wrong)
        {
            return wrong;
        }

        if (tail.Contains('/', StringComparison.Ordinal))
        {
            return WireErrors.Validation("The ARN has the label of a Map state, which this operation does not support.", "API_DOES_NOT_SUPPORT_LABELED_ARNS");
        }

        Result<StateMachineReference> read = StateMachineReference.Read(new ResourceNames(call.Limits), tail, "name");
        reference = read.Value ?? reference;
        return read.Succeeded ? null : WireErrors.InvalidArn(read.Error.Message);
    }

    /// <summary>The state machine that an ARN names, which may have neither version nor alias.</summary>
    public static WireError? ReadUnqualified(WireCall call, string arn, out string name)
    {
        WireError? wrong = ReadStateMachine(call, arn, out StateMachineReference reference);
        name = reference.Name;
        return wrong ?? (reference.IsQualified ? WireErrors.InvalidArn($"The ARN has a version or alias, which this operation does not take: {arn}") : null);
    }

    /// <summary>The version that an ARN names.</summary>
    public static WireError? ReadVersion(WireCall call, string arn, out string name, out long number)
    {
        WireError? wrong = ReadStateMachine(call, arn, out StateMachineReference reference);
        name = reference.Name;
        number = reference.Version ?? 0;
        return wrong ?? (reference.Version is null ? WireErrors.InvalidArn($"The ARN is not that of a version: {arn}") : null);
    }

    /// <summary>The alias that an ARN names.</summary>
    public static WireError? ReadAlias(WireCall call, string arn, out string name, out string alias)
    {
        WireError? wrong = ReadStateMachine(call, arn, out StateMachineReference reference);
        name = reference.Name;
        alias = reference.Alias ?? "";
        return wrong ?? (reference.Alias is null ? WireErrors.InvalidArn($"The ARN is not that of an alias: {arn}") : null);
    }

    /// <summary>The name of an activity.</summary>
    public static WireError? ReadActivity(WireCall call, string arn, out string name) => ReadNamed(call, arn, "activity", out name);

    /// <summary>The kind and the rest of an ARN of this account.</summary>
    public static WireError? Split(WireCall call, string arn, out string kind, out string tail)
    {
        kind = "";
        tail = "";
        string[] parts = arn.Split(':', Parts);
        if (parts[0] != "arn")
        {
            return WireErrors.InvalidArn($"Invalid ARN prefix: {arn}");
        }

        if (parts.Length < Parts || parts[2] != "states" || parts[6].Length == 0 || !TenantId.TryParse(parts[4], out TenantId owner))
        {
            return WireErrors.InvalidArn($"ARN is not valid: {arn}");
        }

        kind = parts[5];
        tail = parts[6];
        return owner == call.Tenant ? null : WireErrors.AccessDenied(call.Caller, call.Operation.Name, arn);
    }

    /// <summary>An ARN names something of another kind than the operation is about.</summary>
    public static WireError WrongKind(string kind) => WireErrors.InvalidArn($"Resource type not valid in this context: {kind}");

    private static WireError? ReadNamed(WireCall call, string arn, string expected, out string name)
    {
        WireError? wrong = Split(call, arn, out string kind, out name);
        return wrong ?? (kind == expected ? null : WrongKind(kind));
    }
}
