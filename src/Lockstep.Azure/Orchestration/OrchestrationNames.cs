using System.Security.Cryptography;
using System.Text;

namespace Lockstep.Azure.Orchestration;

/// <summary>The names under which the orchestrators and activities are registered, and those of instances. Names are stored with running instances: they never change.</summary>
public static class OrchestrationNames
{
    /// <summary>The orchestrator of an execution.</summary>
    public const string Execution = "Execution";

    /// <summary>The orchestrator of a batch of calls.</summary>
    public const string TaskBatch = "TaskBatch";

    /// <summary>Makes turns durable.</summary>
    public const string Append = "Append";

    /// <summary>Makes turns durable, then calls a task's resource.</summary>
    public const string Invoke = "Invoke";

    /// <summary>Lets a timer compete for a task.</summary>
    public const string Claim = "Claim";

    /// <summary>Reads stimuli that have arrived; the first one of an epoch takes the execution over.</summary>
    public const string ReadInbox = "ReadInbox";

    /// <summary>Reads a part of something that is too large for one answer.</summary>
    public const string LoadPart = "LoadPart";

    /// <summary>Keeps a part of something that is too large for one input.</summary>
    public const string StorePart = "StorePart";

    /// <summary>Keeps a part of the state with which the next epoch begins.</summary>
    public const string SaveState = "SaveState";

    /// <summary>Takes an execution out of service for good.</summary>
    public const string Quarantine = "Quarantine";

    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";
    private const int InstanceCharacters = 32;

    /// <summary>Every activity there is.</summary>
    public static IReadOnlyList<string> Activities { get; } =
        [Append, Invoke, Claim, ReadInbox, LoadPart, StorePart, SaveState, Quarantine];

    /// <summary>The orchestration of an execution: a digest, since ARNs are longer than instance ids may be.</summary>
    /// <param name="executionArn">The execution.</param>
    /// <param name="incarnation">Counts executions that had the same ARN before.</param>
    /// <param name="redrive">Counts the times it was redriven.</param>
    public static string InstanceOf(string executionArn, long incarnation, long redrive)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(
            System.Globalization.CultureInfo.InvariantCulture, $"{executionArn}|{incarnation}|{redrive}")));
        var id = new StringBuilder("x-", InstanceCharacters + 2);
        for (int i = 0; i < InstanceCharacters; i++)
        {
            int bit = i * 5;
            int window = (hash[bit / 8] << 8) | hash[(bit / 8) + 1];
            id.Append(Alphabet[(window >> (11 - (bit % 8))) & 31]);
        }

        return id.ToString();
    }
}
