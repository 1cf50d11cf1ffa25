using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Lockstep.Azure.Orchestration.Contracts;

/// <summary>A message that says which version of its shape it has.</summary>
internal interface IVersioned
{
    /// <summary>The version.</summary>
    int V { get; }
}

/// <summary>
/// The form in which orchestrators and activities talk. Orchestrations live for up to a year, so shapes only ever grow: a new member has a default, and
/// a version that this program does not know is refused rather than guessed at.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(ExecutionInput))]
[JsonSerializable(typeof(AppendRequest))]
[JsonSerializable(typeof(AppendAnswer))]
[JsonSerializable(typeof(InvokeRequest))]
[JsonSerializable(typeof(InvokeAnswer))]
[JsonSerializable(typeof(ClaimRequest))]
[JsonSerializable(typeof(ClaimAnswer))]
[JsonSerializable(typeof(InboxRequest))]
[JsonSerializable(typeof(InboxAnswer))]
[JsonSerializable(typeof(LoadPartRequest))]
[JsonSerializable(typeof(PartAnswer))]
[JsonSerializable(typeof(StorePartRequest))]
[JsonSerializable(typeof(SaveStateRequest))]
[JsonSerializable(typeof(QuarantineRequest))]
[JsonSerializable(typeof(TaskBatchInput))]
[JsonSerializable(typeof(TaskBatchAnswer))]
[JsonSerializable(typeof(TurnFactsMessage))]
internal sealed partial class OrchestrationJson : JsonSerializerContext
{
    /// <summary>The version of all shapes.</summary>
    public const int Version = 1;

    /// <summary>Writes a message.</summary>
    public static string Write<T>(T message) => JsonSerializer.Serialize(message, InfoOf<T>());

    /// <summary>Reads a message.</summary>
    /// <exception cref="InvalidOperationException">It is of a version that this program does not know.</exception>
    /// <exception cref="JsonException">It is no message of that shape.</exception>
    public static T Read<T>(string text)
        where T : class
    {
        T message = JsonSerializer.Deserialize(text, InfoOf<T>()) ?? throw new JsonException($"A message of type {typeof(T).Name} is null.");
        return message is not IVersioned { V: not Version } ? message : throw new InvalidOperationException(
            $"A message of type {typeof(T).Name} has version {((IVersioned)message).V}, and this program knows {Version}.");
    }

    private static JsonTypeInfo<T> InfoOf<T>() =>
        (JsonTypeInfo<T>?)Default.GetTypeInfo(typeof(T)) ?? throw new InvalidOperationException($"{typeof(T).Name} is no message.");
}
