using Lockstep.Azure.Ports;

namespace Lockstep.TestKit.Azure;

/// <summary>
/// The queues and the topic of Service Bus in memory. Messages wait until a test delivers them, so a test decides what happens between a send and an
/// arrival. Under faults they arrive twice, late, out of order, or not at all. Safe for use by many threads.
/// </summary>
public sealed class MemoryMessages : IMessages
{
    /// <summary>Deliveries after which a message that is never taken goes to the dead letters.</summary>
    public const int MaxDeliveries = 10;

    /// <summary>Rounds that a fault holds a message back at most.</summary>
    private const int MaxDelays = 3;

    private readonly Lock _gate = new();
    private readonly FaultyLine _line;
    private readonly TimeProvider _time;
    private readonly List<Waiting> _waiting = [];
    private readonly List<DeliveredMessage> _dead = [];
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    internal MemoryMessages(FaultyLine line, TimeProvider time)
    {
        _line = line;
        _time = time;
    }

    /// <summary>Messages that wait, those held back included, in the order of sending.</summary>
    public IReadOnlyList<DeliveredMessage> Pending
    {
        get
        {
            lock (_gate)
            {
                return [.. _waiting.Select(waiting => waiting.Message)];
            }
        }
    }

    /// <summary>Messages whose handler has thrown <see cref="MaxDeliveries"/> times.</summary>
    public IReadOnlyList<DeliveredMessage> DeadLetters
    {
        get
        {
            lock (_gate)
            {
                return [.. _dead];
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask SendAsync(MessageRoute route, IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellation)
    {
        foreach (OutgoingMessage message in messages)
        {
            MessageRules.Check(route, message);
        }

        OutgoingMessage[] copied = [.. messages.Select(message => message with { Body = message.Body.ToArray() })];
        await _line.CallAsync(new StorageOperation(StorageOperationKind.MessageSend, route.ToString()), () => Accept(route, copied), cancellation);
    }

    /// <summary>
    /// One round: hands every message of a route that waits and is due to a handler, one after the other. A message whose handler throws waits
    /// again, and on the topic those of its session behind it with it. Answers how many were handed over.
    /// </summary>
    public async Task<int> DeliverAsync(MessageRoute route, Func<DeliveredMessage, Task> handle)
    {
        int handed = 0;
        List<Waiting> behind = [];
        foreach (Waiting taken in TakeRound(route))
        {
            if (KeepsOrder(route) && behind.Exists(waiting => waiting.Message.Message.SessionId == taken.Message.Message.SessionId))
            {
                behind.Add(taken);
                continue;
            }

            handed++;
            DeliveredMessage message = taken.Message with { DeliveryCount = taken.Message.DeliveryCount + 1 };
            try
            {
                await handle(message);
            }
            catch (Exception) when (KeepsOrder(route) && message.DeliveryCount < MaxDeliveries)
            {
                behind.Add(new Waiting(message) { IsCopy = taken.IsCopy });
            }
            catch (Exception) when (PutBack(taken, message))
            {
                // The bus does not know why a handler failed either: it delivers again, and a test looks at DeadLetters.
            }
        }

        lock (_gate)
        {
            _waiting.InsertRange(0, behind);
        }

        return handed;
    }

    /// <summary>Rounds until nothing of a route is due any more, or nobody is there to take it. Answers how many were handed over.</summary>
    public async Task<int> DeliverAllAsync(MessageRoute route, Func<DeliveredMessage, Task> handle, Func<bool>? isGone = null)
    {
        int all = 0;
        while (HasDue(route) && isGone?.Invoke() != true)
        {
            all += await DeliverAsync(route, handle);
        }

        return all;
    }

    /// <summary>The lock of a message that was handed over has run out: it waits again.</summary>
    public void Abandon(DeliveredMessage message) => PutBack(new Waiting(message) { IsCopy = true }, message);

    /// <summary>Forgets what waits, as if it had got lost.</summary>
    public void LoseAll()
    {
        lock (_gate)
        {
            _waiting.Clear();
        }
    }

    private bool Accept(MessageRoute route, OutgoingMessage[] messages)
    {
        lock (_gate)
        {
            foreach (OutgoingMessage message in messages)
            {
                // Only the topic detects duplicates.
                if ((route != MessageRoute.ExecutionEvents || _seen.Add(message.MessageId)) && !_line.Faults.Happens(_line.Faults.MessageLossRate))
                {
                    _waiting.Add(new Waiting(new DeliveredMessage(route, message, 0)));
                }
            }

            return true;
        }
    }

    private bool HasDue(MessageRoute route)
    {
        lock (_gate)
        {
            return _waiting.Any(waiting => IsDue(waiting, route));
        }
    }

    private bool IsDue(Waiting waiting, MessageRoute route) =>
        waiting.Message.Route == route && (waiting.Message.Message.NotBefore is not { } due || due <= _time.GetUtcNow());

    /// <summary>Sessions of the topic hand out what waits in the order in which it came; a wake says nothing that an order could matter to.</summary>
    private static bool KeepsOrder(MessageRoute route) => route == MessageRoute.ExecutionEvents;

    private List<Waiting> TakeRound(MessageRoute route)
    {
        Faults faults = _line.Faults;
        List<Waiting> round = [];
        lock (_gate)
        {
            foreach (Waiting waiting in _waiting.Where(waiting => IsDue(waiting, route)).ToArray())
            {
                if (!KeepsOrder(route) && waiting.Delays < MaxDelays && faults.Happens(faults.MessageRate))
                {
                    waiting.Delays++;
                    continue;
                }

                _waiting.Remove(waiting);
                round.Insert(!KeepsOrder(route) && faults.Happens(faults.MessageRate) ? faults.Choose(round.Count + 1) : round.Count, waiting);
                if (!waiting.IsCopy && faults.Happens(faults.MessageRate))
                {
                    _waiting.Add(new Waiting(waiting.Message) { IsCopy = true });
                }
            }
        }

        return round;
    }

    private bool PutBack(Waiting taken, DeliveredMessage message)
    {
        lock (_gate)
        {
            if (message.DeliveryCount >= MaxDeliveries)
            {
                _dead.Add(message);
            }
            else
            {
                _waiting.Add(new Waiting(message) { IsCopy = taken.IsCopy });
            }

            return true;
        }
    }

    private sealed class Waiting(DeliveredMessage message)
    {
        public DeliveredMessage Message => message;

        public int Delays { get; set; }

        /// <summary>A copy is not copied again, so that deliveries come to an end.</summary>
        public bool IsCopy { get; init; }
    }
}

/// <summary>A message on its way to a handler.</summary>
/// <param name="Route">Where it was sent.</param>
/// <param name="Message">The message.</param>
/// <param name="DeliveryCount">Which delivery this is, from 1; 0 while it waits for its first.</param>
public sealed record DeliveredMessage(MessageRoute Route, OutgoingMessage Message, int DeliveryCount);
