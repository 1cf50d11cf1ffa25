using System.Globalization;
using System.Text;
using System.Text.Json;
using Lockstep.Azure.Executions;
using Lockstep.Azure.Ports;
using Lockstep.Engine;
using Lockstep.Service.Executions;
using Lockstep.Service.Tenancy;

namespace Lockstep.Azure.Work;

/// <summary>
/// A message of the queue <c>tasks</c>: something that a worker carries out and no orchestration awaits. It only says where to look, so a second
/// delivery finds nothing to do.
/// </summary>
/// <param name="Execution">The execution.</param>
/// <param name="Task">The task to call; null to run the whole execution, an Express one.</param>
public sealed record WorkMessage(ExecutionKey Execution, CommandId? Task)
{
    private const string MediaType = "application/json";
    private const string TenantMember = "tenant";
    private const string ExecutionMember = "execution";
    private const string TaskMember = "task";

    /// <summary>The message as it is sent.</summary>
    /// <param name="notBefore">Not to be handed out before this time; null for at once.</param>
    public OutgoingMessage ToMessage(DateTimeOffset? notBefore = null)
    {
        using var body = new MemoryStream();
        using (var writer = new Utf8JsonWriter(body))
        {
            writer.WriteStartObject();
            writer.WriteString(TenantMember, Execution.Tenant.Value);
            writer.WriteString(ExecutionMember, Execution.Id);
            if (Task is { } task)
            {
                writer.WriteNumber(TaskMember, task.Ordinal);
            }

            writer.WriteEndObject();
        }

        string id = string.Create(CultureInfo.InvariantCulture, $"{ExecutionInstances.IdOf(Execution)}-{Task?.Ordinal ?? 0}");
        return new OutgoingMessage(id, SessionId: null, body.ToArray(), MediaType) { NotBefore = notBefore };
    }

    /// <summary>Reads a message; null when it is none of ours.</summary>
    public static WorkMessage? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object
                || !root.TryGetProperty(TenantMember, out JsonElement tenant)
                || !TenantId.TryParse(tenant.GetString(), out TenantId owner)
                || !root.TryGetProperty(ExecutionMember, out JsonElement execution)
                || execution.GetString() is not { Length: > 0 } id)
            {
                return null;
            }

            CommandId? task = root.TryGetProperty(TaskMember, out JsonElement ordinal) ? new CommandId(ordinal.GetInt64()) : null;
            return new WorkMessage(new ExecutionKey(owner, id), task);
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException or FormatException or DecoderFallbackException)
        {
            return null;
        }
    }
}
