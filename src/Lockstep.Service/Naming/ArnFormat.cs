using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Lockstep.Service.Channels;
using Lockstep.Service.Executions;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service.Naming;

/// <summary>
/// Amazon Resource Names as Step Functions forms them, with the tenant's number in place of the account, so that definitions
/// written for Step Functions refer to the same things here.
/// </summary>
/// <param name="Region">The region that this service calls itself; <c>local</c> unless configured.</param>
public sealed record ArnFormat(string Region)
{
    private const string Service = "states";
    private const string ConnectionKind = "connection";

    /// <summary>ARN of a state machine.</summary>
    public string StateMachine(TenantId tenant, string name) => $"{Prefix(tenant)}:stateMachine:{name}";

    /// <summary>ARN of a version of a state machine; null without a version.</summary>
    public static string? Qualified(string stateMachineArn, long? version) =>
        version is long number ? string.Create(CultureInfo.InvariantCulture, $"{stateMachineArn}:{number}") : null;

    /// <summary>ARN of an alias of a state machine; null without an alias.</summary>
    public static string? Qualified(string stateMachineArn, string? alias) => alias is null ? null : $"{stateMachineArn}:{alias}";

    /// <summary>ARN of an activity.</summary>
    public string Activity(TenantId tenant, string name) => $"{Prefix(tenant)}:activity:{name}";

    /// <summary>ARN of a Standard execution (<paramref name="expressRunId"/> null) or of an Express one.</summary>
    public string Execution(TenantId tenant, string stateMachineName, string name, string? expressRunId) => expressRunId is null
        ? $"{Prefix(tenant)}:execution:{stateMachineName}:{name}"
        : $"{Prefix(tenant)}:express:{stateMachineName}:{name}:{expressRunId}";

    /// <summary>ARN of the Express execution that a tested state believes to be in.</summary>
    public string StateTest(TenantId tenant, string stateMachineName, string name) => $"{Prefix(tenant)}:express:{stateMachineName}:{name}";

    /// <summary>ARN of a queue, topic or event bus, as the service has it that the kind stands for.</summary>
    public string Channel(ChannelPlace place) => place.Kind switch
    {
        ChannelKind.Queue => $"arn:aws:sqs:{Region}:{place.Tenant.Value}:{place.Name}",
        ChannelKind.Topic => $"arn:aws:sns:{Region}:{place.Tenant.Value}:{place.Name}",
        _ => $"arn:aws:events:{Region}:{place.Tenant.Value}:event-bus/{place.Name}",
    };

    /// <summary>ARN of a log group, as a logging configuration names it.</summary>
    public string LogGroup(TenantId tenant, string name) => $"arn:aws:logs:{Region}:{tenant.Value}:log-group:{name}:*";

    /// <summary>ARN of a connection. The id tells it from an earlier one of its name.</summary>
    public string Connection(TenantId tenant, string name, Guid id) => $"arn:aws:events:{Region}:{tenant.Value}:{ConnectionKind}/{name}/{id}";

    /// <summary>The role shown for machines that were created without one.</summary>
    public static string DefaultRole(TenantId tenant) => $"arn:aws:iam::{tenant.Value}:role/lockstep";

    /// <summary>Reads the execution that an ARN of any region names. False for anything else.</summary>
    public static bool TryParseExecution(string arn, out ExecutionKey key)
    {
        key = default;
        if (!TryParse(arn, out string? kind, out TenantId tenant, out string? tail) || kind is not ("execution" or "express"))
        {
            return false;
        }

        int parts = tail.AsSpan().Count(':') + 1;
        if (parts != (kind == "execution" ? 2 : 3))
        {
            return false;
        }

        key = new ExecutionKey(tenant, tail);
        return true;
    }

    /// <summary>
    /// Reads the owner and what is named by the ARN, of any region, of a state machine, or of a version or alias of one: <c>machine</c> or
    /// <c>machine:qualifier</c>, as <see cref="StateMachines.StateMachineReference"/> reads it.
    /// </summary>
    public static bool TryParseStateMachine(string arn, out TenantId tenant, [NotNullWhen(true)] out string? reference) =>
        TryParse(arn, out string? kind, out tenant, out reference)
        && kind == "stateMachine"
        && reference.Split(':') is [{ Length: > 0 }] or [{ Length: > 0 }, { Length: > 0 }];

    /// <summary>Reads the owner and name that an activity's ARN of any region names.</summary>
    public static bool TryParseActivity(string arn, out TenantId tenant, [NotNullWhen(true)] out string? name) =>
        TryParseNamed(arn, "activity", out tenant, out name);

    /// <summary>Reads the owner, name and id that a connection's ARN of any region names.</summary>
    public static bool TryParseConnection(string arn, out TenantId tenant, [NotNullWhen(true)] out string? name, out Guid id)
    {
        // arn:partition:events:region:tenant:connection/name/id
        const int parts = 6;
        name = null;
        id = Guid.Empty;
        tenant = default;
        string[] split = arn.Split(':', parts);
        if (split.Length != parts || split[0] != "arn" || split[2] != "events" || !TenantId.TryParse(split[4], out tenant)
            || split[5].Split('/') is not [ConnectionKind, { Length: > 0 } named, { } text] || !Guid.TryParseExact(text, "D", out id))
        {
            return false;
        }

        name = named;
        return true;
    }

    private static bool TryParseNamed(string arn, string expectedKind, out TenantId tenant, [NotNullWhen(true)] out string? name)
    {
        return TryParse(arn, out string? kind, out tenant, out name) && kind == expectedKind && name.Length > 0 && !name.Contains(':');
    }

    private static bool TryParse(string arn, [NotNullWhen(true)] out string? kind, out TenantId tenant, [NotNullWhen(true)] out string? tail)
    {
        // arn:partition:states:region:tenant:kind:tail, and the tail may contain colons.
        const int parts = 7;
        string[] split = arn.Split(':', parts);
        kind = null;
        tail = null;
        tenant = default;
        if (split.Length != parts || split[0] != "arn" || split[2] != Service || !TenantId.TryParse(split[4], out tenant))
        {
            return false;
        }

        kind = split[5];
        tail = split[6];
        return true;
    }

    private string Prefix(TenantId tenant) => $"arn:aws:{Service}:{Region}:{tenant.Value}";
}
