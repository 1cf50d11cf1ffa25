using FsCheck;
using FsCheck.Fluent;
using Lockstep.Engine.Commands;
using Lockstep.Engine.Stimuli;
using Lockstep.Engine.Tests.Support;
using Lockstep.Json;

namespace Lockstep.Engine.Tests.Properties;

public sealed class MapProperties
{
    private const string Definition = """
        {"StartAt":"M","States":{"M":{"Type":"Map","End":true,"ItemProcessor":{"StartAt":"T","States":{
          "T":{"Type":"Task","Resource":"arn:aws:lambda:local:000000000001:function:f","End":true}}}}}}
        """;

    [Fact]
    public void TheOutputOfAMapIgnoresTheOrderInWhichItsIterationsEnd()
    {
        var machine = Machines.Load(Definition);
        Check.One(Config.QuickThrowOnFailure, Prop.ForAll(
            Gen.Choose(0, 60).ToArbitrary(), Gen.Choose(1, 20).ToArbitrary(), Gen.Choose(0, int.MaxValue).ToArbitrary(), (items, width, seed) =>
        {
            JsonArray input = JsonArray.Of([.. Enumerable.Range(0, items).Select(i => (JsonValue)JsonNumber.Of(i))]);
            var run = new Run(machine);
            run.Start(input.ToString(), new ExecutionLimits { MaxOpenIterations = width });
            var random = (ulong)seed;
            var answered = new HashSet<CommandId>();
            while (run.State.Status == ExecutionStatus.Running)
            {
                InvokeTask[] open = [.. run.State.OutstandingCommands().OfType<InvokeTask>()];
                Assert.InRange(open.Length, 1, width);
                random = (random * 6364136223846793005) + 1442695040888963407;
                InvokeTask call = open[(int)((random >> 33) % (ulong)open.Length)];
                Assert.True(answered.Add(call.Id));
                run.Send(new TaskSucceeded(run.Now, call.Id, JsonObject.Of("n", call.Parameters)));
            }

            JsonArray expected = JsonArray.Of([.. input.Select(item => (JsonValue)JsonObject.Of("n", item))]);
            return expected.Equals(run.Finished?.Output);
        }));
    }
}
