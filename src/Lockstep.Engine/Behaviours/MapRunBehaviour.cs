using System.Diagnostics;
using Lockstep.Asl.Compiled;
using Lockstep.Asl.Evaluation;
using Lockstep.Asl.Resources;
using Lockstep.Engine.Commands;
using Lockstep.Engine.MapRuns;
using Lockstep.Engine.State;
using Lockstep.Engine.Stimuli;
using Lockstep.Engine.Turns;
using Lockstep.Json;

namespace Lockstep.Engine.Behaviours;

/// <summary>
/// A map run: reads items as far as children can be begun, begins children, counts how they end, and has the results written. One that will fail
/// stops what is under way first; a child whose start is not answered yet is stopped as soon as it is, so that none is left behind.
/// </summary>
internal static class MapRunBehaviour
{
    /// <summary>Begins the map run that its execution's input asks for.</summary>
    public static void Start(Turn turn, LiveFrame frame, CompiledMapRun state)
    {
        var request = new MapRunRequest(frame.Input as JsonObject ?? throw new InvalidOperationException("The input of a map run is no request."));
        frame.MapRun = LiveMapRun.Begin(request);
        turn.VariableBytes += Assignment.SizeOf(request.Variables);
        frame.Variables = request.Variables;
        Proceed(turn, frame, state, frame.MapRun);
    }

    /// <summary>Takes in the outcome of a call.</summary>
    public static void Settle(Turn turn, LiveFrame frame, CompiledMapRun state, CommandId id, Stimulus outcome)
    {
        LiveMapRun run = RunOf(frame);
        if (run.Call?.Id == id)
        {
            SettleCall(turn, frame, state, run, run.Call, outcome);
        }
        else if (run.Open.TryGet(id.Ordinal, out OpenChild? child))
        {
            SettleChild(turn, run, id, child, outcome);
            Proceed(turn, frame, state, run);
        }
    }

    /// <summary>Lets a map run go on that has ended without success.</summary>
    public static void Redrive(Turn turn, LiveFrame frame, CompiledMapRun state)
    {
        LiveMapRun run = RunOf(frame);
        MapRunRedriving.Reopen(turn, frame, run);
        Proceed(turn, frame, state, run);
    }

    /// <summary>Changes how many children may run and fail.</summary>
    public static void Update(Turn turn, LiveFrame frame, CompiledMapRun state, MapRunSettings settings)
    {
        LiveMapRun run = RunOf(frame);
        run.Settings = settings;
        Proceed(turn, frame, state, run);
    }

    /// <summary>Gives up whatever a map run waits for.</summary>
    public static void GiveUp(Turn turn, RunningMap map)
    {
        if (map.Call is not null)
        {
            turn.Cancel(map.Call.Id);
        }

        foreach (KeyValuePair<long, OpenChild> child in map.Open.Entries())
        {
            turn.Cancel(child.Value.Command.Id);
        }
    }

    private static LiveMapRun RunOf(LiveFrame frame) => frame.MapRun ?? throw new InvalidOperationException("The frame is in no map run.");

    private static void SettleCall(Turn turn, LiveFrame frame, CompiledMapRun state, LiveMapRun run, InvokeTask call, Stimulus outcome)
    {
        bool looks = call.Resource.Action == MapRunResources.Past.Action;
        bool reads = looks || call.Resource.Action == MapRunResources.Read.Action;
        switch (outcome)
        {
            case TaskSucceeded succeeded:
                run.Call = null;
                turn.Forget(call.Id);
                if (looks)
                {
                    MapRunRedriving.Take(run, PastChildrenAnswer.Read(succeeded.Output));
                    Proceed(turn, frame, state, run);
                }
                else if (reads)
                {
                    TakeItems(run, ItemsAnswer.Read(succeeded.Output));
                    Proceed(turn, frame, state, run);
                }
                else
                {
                    MapRunResults.Take(turn, frame, state, run, ResultsAnswer.Read(succeeded.Output));
                }

                break;
            case TaskFailed failed:
                run.Call = null;
                turn.Forget(call.Id);
                var error = new StatesError(failed.Error, failed.Cause);
                if (reads)
                {
                    Stop(turn, run, error);
                    Proceed(turn, frame, state, run);
                }
                else
                {
                    run.Error ??= error;
                    End(turn, frame, state, run, null);
                }

                break;
            default:
                throw new UnreachableException();
        }
    }

    private static void TakeItems(LiveMapRun run, ItemsAnswer answer)
    {
        ItemSource source = run.Source;
        JsonArray items = answer.Items;
        JsonArray origins = ItemOrigins.Padded(answer.Origins, items.Count);
        if (source.Pending > 0)
        {
            var together = new JsonArrayBuilder(source.Pending + items.Count);
            foreach (JsonValue item in source.Rest)
            {
                together.Add(item);
            }

            foreach (JsonValue item in items)
            {
                together.Add(item);
            }

            items = together.ToArray();
            origins = ItemOrigins.Together(source.RestOrigins, origins);
        }

        long read = source.Begun + items.Count;
        bool capped = run.Request.MaxItems > 0 && read >= run.Request.MaxItems;
        run.Source = new ItemSource(answer.Cursor, answer.Version ?? source.Version, answer.Cursor is null || capped, items, 0, source.Begun)
        {
            Origins = origins,
        };
    }

    private static void SettleChild(Turn turn, LiveMapRun run, CommandId id, OpenChild child, Stimulus outcome)
    {
        switch (outcome)
        {
            case TaskSubmitted when run.Stage == MapRunStage.Stopping:
                Abort(turn, run, id, child);
                break;
            case TaskSubmitted:
                run.Open.Set(id.Ordinal, child with { Submitted = true, Command = child.Command with { Parameters = JsonNull.Instance } });
                break;
            case TaskSucceeded:
                EndChild(turn, run, id, child, MapChildEnd.Succeeded);
                break;
            case TaskFailed failed:
                EndChild(turn, run, id, child, failed.Error switch
                {
                    MapRunChildEnds.TimedOut => MapChildEnd.TimedOut,
                    MapRunChildEnds.Aborted => MapChildEnd.Aborted,
                    _ => MapChildEnd.Failed,
                });
                if (failed.Error == MapRunChildEnds.NotRedrivable)
                {
                    run.Executions = run.Executions with { FailuresNotRedrivable = run.Executions.FailuresNotRedrivable + 1 };
                    run.Items = run.Items with { FailuresNotRedrivable = run.Items.FailuresNotRedrivable + child.Items };
                }

                break;
            default:
                throw new UnreachableException();
        }
    }

    private static void EndChild(Turn turn, LiveMapRun run, CommandId id, OpenChild child, MapChildEnd end)
    {
        turn.Forget(id);
        run.Open.Remove(id.Ordinal);
        run.Executions = run.Executions.End(1, end);
        run.Items = run.Items.End(child.Items, end);
    }

    private static void Abort(Turn turn, LiveMapRun run, CommandId id, OpenChild child)
    {
        turn.Cancel(id);
        run.Open.Remove(id.Ordinal);
        run.Executions = run.Executions.End(1, MapChildEnd.Aborted);
        run.Items = run.Items.End(child.Items, MapChildEnd.Aborted);
    }

    /// <summary>Does what can be done now.</summary>
    private static void Proceed(Turn turn, LiveFrame frame, CompiledMapRun state, LiveMapRun run)
    {
        if (run.Stage == MapRunStage.Running)
        {
            if (run.ExceedsTolerance)
            {
                Stop(turn, run, new StatesError(
                    StatesErrorNames.ExceedToleratedFailureThreshold, "The specified tolerated failure threshold was exceeded"));
            }
            else
            {
                Begin(turn, frame, state, run);
            }
        }

        if (run.Open.Count > 0 || run.Call is not null || (run.Stage == MapRunStage.Running && (run.Past is not null || run.Source is not { IsDone: true, Pending: 0 })))
        {
            return;
        }

        run.Stage = MapRunStage.Finishing;
        if (run.Error is not null && run.Request.Destination is null)
        {
            End(turn, frame, state, run, null);
            return;
        }

        MapRunResults.Ask(turn, frame, state, run, cursor: null);
    }

    /// <summary>Begins children while there is room for them, and has more items read when these run out.</summary>
    private static void Begin(Turn turn, LiveFrame frame, CompiledMapRun state, LiveMapRun run)
    {
        int begun = 0;
        while (run.Open.Count < run.Width && begun < turn.Limits.MaxCommandsPerTurn && turn.HasBytesLeft)
        {
            if (MapRunRedriving.TryBegin(turn, frame, run))
            {
                begun++;
                continue;
            }

            if (run.Past is not null)
            {
                break;
            }

            if (!ItemInputs.TryNext(turn, frame, state.Map, run, out JsonValue? input, out int items, out StatesError? problem))
            {
                if (problem is not null)
                {
                    Stop(turn, run, problem);
                    return;
                }

                break;
            }

            InvokeTask command = Issue(turn, frame, MapRunResources.Child, new MapChildRequest(run.Children++, input).ToJson());
            run.Open.Set(command.Id.Ordinal, new OpenChild(command, items, Submitted: false));
            run.Source = run.Source with { Next = run.Source.Next + items, Begun = run.Source.Begun + items };
            run.Executions = run.Executions.Begin(1);
            run.Items = run.Items.Begin(items);
            turn.Spend(input.Utf8Length);
            begun++;
        }

        if (run.Past is not null)
        {
            MapRunRedriving.Look(turn, frame, state, run);
        }
        else if (!run.Source.IsDone && run.Call is null && ItemInputs.NeedsMore(run))
        {
            long wanted = run.ItemsAtOnce;
            if (run.Request.MaxItems > 0)
            {
                wanted = Math.Min(wanted, run.Request.MaxItems - run.Source.Begun - run.Source.Pending);
            }

            run.Call = Issue(turn, frame, MapRunResources.Read, new ItemsRequest(
                wanted,
                run.Source.Cursor,
                run.Source.Version,
                run.Request.Source ?? JsonNull.Instance,
                ItemFormat.Of(state.Map.Distributed?.Reader)).ToJson());
        }
    }

    /// <summary>Begins nothing more, and stops what is under way.</summary>
    private static void Stop(Turn turn, LiveMapRun run, StatesError error)
    {
        if (run.Stage != MapRunStage.Running)
        {
            return;
        }

        run.Stage = MapRunStage.Stopping;
        run.Error = error;
        if (run.Call is not null)
        {
            turn.Cancel(run.Call.Id);
            run.Call = null;
        }

        foreach (KeyValuePair<long, OpenChild> entry in run.Open.Entries().Where(entry => entry.Value.Submitted).ToArray())
        {
            Abort(turn, run, new CommandId(entry.Key), entry.Value);
        }
    }

    /// <summary>Ends the map run: with what was asked for, or with the error that it has met.</summary>
    public static void End(Turn turn, LiveFrame frame, CompiledMapRun state, LiveMapRun run, JsonValue? output)
    {
        turn.MapRunEnded(run.Save().Progress);
        if (run.Error is StatesError error)
        {
            turn.Fail(ExecutionStatus.Failed, frame.PreviousEventId, error);
        }
        else
        {
            frame.MapRun = null;
            Transitions.Exit(turn, frame, state, output ?? throw new UnreachableException(), assigned: null, CompiledState.End);
        }
    }

    /// <summary>Calls something that the map run waits for.</summary>
    public static InvokeTask Issue(Turn turn, LiveFrame frame, TaskResource resource, JsonObject parameters)
    {
        var command = new InvokeTask(turn.NextCommandId, resource, turn.StateOf(frame).Name, parameters, 0, null, null, null)
        {
            EnteredEventId = frame.EnteredEventId,
            ScheduledTime = turn.Now,
        };
        turn.Issue(frame, command);
        return command;
    }
}
