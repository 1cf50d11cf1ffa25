using System.Buffers;
using System.Globalization;
using Lockstep.Service.Errors;

namespace Lockstep.Service.Channels;

/// <summary>The rules for names of channels, which are those of standard queues (Amazon SQS API, CreateQueue), and how kinds are called.</summary>
public static class ChannelNames
{
    /// <summary>Characters that a name has at most.</summary>
    public const int MaxLength = 80;

    /// <summary>The event bus that every tenant has.</summary>
    public const string DefaultBus = "default";

    private static readonly SearchValues<char> Characters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");

    /// <summary>Checks a name; null when it is well formed.</summary>
    public static ServiceError? Check(string name)
    {
        if (name.Length is < 1 or > MaxLength)
        {
            return Refuse(string.Create(CultureInfo.InvariantCulture, $"The name has 1 to {MaxLength} characters; this one has {name.Length}."));
        }

        if (name.EndsWith(".fifo", StringComparison.Ordinal))
        {
            return Refuse("FIFO queues and topics are not supported; leave out \".fifo\". Messages are kept in the order in which they arrive.");
        }

        return name.AsSpan().ContainsAnyExcept(Characters)
            ? Refuse("The name consists of the letters A to Z and a to z, digits, hyphen and underscore.")
            : null;
    }

    /// <summary>What a kind is called in texts.</summary>
    public static string WordFor(ChannelKind kind) => kind switch
    {
        ChannelKind.Queue => "queue",
        ChannelKind.Topic => "topic",
        ChannelKind.EventBus => "event bus",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such kind."),
    };

    private static ServiceError Refuse(string message) => new(ErrorCodes.InvalidName, message) { Target = "name" };
}
