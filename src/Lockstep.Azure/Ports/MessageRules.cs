using System.Globalization;

namespace Lockstep.Azure.Ports;

/// <summary>
/// What the queues and topics of the deployment accept (Azure documentation, "Service Bus quotas"; the deployment says which of them have sessions).
/// Whoever breaks a rule has a defect: every adapter checks here before it sends, and throws.
/// </summary>
public static class MessageRules
{
    /// <summary>Characters of a message id or a session id.</summary>
    public const int MaxIdLength = 128;

    /// <summary>Bytes of a body: below the 256 KiB that a message of the standard tier has with its headers.</summary>
    public const int MaxBodyBytes = 192 * 1024;

    /// <summary>Bytes of all properties together; of the 64 KiB that headers may have.</summary>
    public const int MaxPropertyBytes = 32 * 1024;

    /// <summary>Whether messages of a route need a session.</summary>
    public static bool HasSessions(MessageRoute route) => route switch
    {
        MessageRoute.Callbacks or MessageRoute.ExecutionEvents => true,
        MessageRoute.Tasks => false,
        _ => throw new ArgumentOutOfRangeException(nameof(route), route, "No such route."),
    };

    /// <summary>Checks a message.</summary>
    /// <exception cref="ArgumentException">It breaks a rule.</exception>
    public static void Check(MessageRoute route, OutgoingMessage message)
    {
        if (message.MessageId.Length is < 1 or > MaxIdLength)
        {
            throw Broken($"A message id has {message.MessageId.Length} characters; 1 to {MaxIdLength} are allowed.");
        }

        if (HasSessions(route) ? message.SessionId is not { Length: > 0 and <= MaxIdLength } : message.SessionId is not null)
        {
            throw Broken($"A message for {route} has the session id '{message.SessionId}'; where there are sessions it has 1 to {MaxIdLength} characters, elsewhere there is none.");
        }

        if (message.Body.Length > MaxBodyBytes)
        {
            throw Broken($"A message for {route} has {message.Body.Length} bytes; {MaxBodyBytes} are allowed.");
        }

        long propertyBytes = message.Properties.Sum(property => 2L * (property.Key.Length + property.Value.Length));
        if (propertyBytes > MaxPropertyBytes)
        {
            throw Broken($"A message for {route} has {propertyBytes} bytes of properties; {MaxPropertyBytes} are allowed.");
        }
    }

    private static ArgumentException Broken(FormattableString message) => new(message.ToString(CultureInfo.InvariantCulture));
}
