namespace Lockstep.TestKit.Azure.Durable;

/// <summary>Something that an orchestrator has asked for. Numbered from 1 in the order of asking; the set is closed.</summary>
internal abstract record DurableAction(int Id)
{
    /// <summary>What it adds to the stored history.</summary>
    public abstract int Bytes { get; }

    /// <summary>Whether a replay that asks for <paramref name="other"/> here is the same; real hosts compare kinds and names only.</summary>
    public abstract bool IsSame(DurableAction other, bool strictly);
}

internal sealed record ActivityAction(int Id, string Name, string Input) : DurableAction(Id)
{
    public override int Bytes => Name.Length + Input.Length;

    public override bool IsSame(DurableAction other, bool strictly) =>
        other is ActivityAction activity && activity.Name == Name && (!strictly || activity.Input == Input);
}

internal sealed record TimerAction(int Id, DateTimeOffset Due) : DurableAction(Id)
{
    public override int Bytes => 16;

    public override bool IsSame(DurableAction other, bool strictly) => other is TimerAction timer && (!strictly || timer.Due == Due);
}

internal sealed record ChildAction(int Id, string Name, string InstanceId, string Input) : DurableAction(Id)
{
    public override int Bytes => Name.Length + InstanceId.Length + Input.Length;

    public override bool IsSame(DurableAction other, bool strictly) =>
        other is ChildAction child && child.Name == Name && child.InstanceId == InstanceId && (!strictly || child.Input == Input);
}

/// <summary>An entry of an instance's history. The set is closed.</summary>
internal abstract record DurableEntry;

/// <summary>An episode began.</summary>
internal sealed record EpisodeBegan(DateTimeOffset Time) : DurableEntry;

/// <summary>What an episode asked for, in the end.</summary>
internal sealed record ActionsTaken(IReadOnlyList<DurableAction> Actions) : DurableEntry;

/// <summary>Something that happened to the instance.</summary>
internal abstract record DurableEvent : DurableEntry
{
    /// <summary>What it adds to the stored history.</summary>
    public virtual int Bytes => 16;
}

internal sealed record InstanceStarted(string Input) : DurableEvent
{
    public override int Bytes => Input.Length;
}

/// <summary>An activity or a child has answered.</summary>
internal sealed record ActionAnswered(int Action, string Answer) : DurableEvent
{
    public override int Bytes => Answer.Length;
}

/// <summary>An activity or a child has failed.</summary>
internal sealed record ActionFailed(int Action, string Message) : DurableEvent
{
    public override int Bytes => Message.Length;
}

internal sealed record TimerElapsed(int Action) : DurableEvent;

internal sealed record WakeArrived : DurableEvent;
