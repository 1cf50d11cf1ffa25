using Lockstep.Asl.Compiled;
using Lockstep.Engine.Codec;
using Lockstep.Engine.MapRuns;
using Lockstep.Engine.Stimuli;
using Lockstep.Engine.Tests.Support;
using Lockstep.Json;

namespace Lockstep.Engine.Tests.Replay;

/// <summary>
/// Records of layout 5, as the program of that time wrote them: never regenerated. It had all results of a map run collected by one call, so a map run
/// kept none of them.
/// </summary>
public sealed class FifthLayoutTests
{
    private const string Definition = """
        {"StartAt":"M","States":{"M":{"Type":"Map","End":true,"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
          "StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}}}}
        """;

    /// <summary>The state of a map run both of whose children have ended: command 3 collects the results.</summary>
    private const string State = "BQraAQSRAmhhcm46YXdzOnN0YXRlczpsb2NhbDowMDAwMDAwMDAwMDE6bWFwUnVuOm1hY2hpbmUvbDpuAm5sYXJuOmF3czpzdGF0ZXM6bG9jYWw6MDAwMDAw"
        + "MDAwMDAxOnN0YXRlTWFjaGluZTptYWNoaW5lDm1hY2hpbmVGYXJuOmF3czppYW06OjAwMDAwMDAwMDAwMTpyb2xlL25vbmUEazFKYXJuOmF3czpzdGF0ZXM6"
        + "OjpzdGF0ZXM6bWFwUnVuUmVzdWx0cwxzdGF0ZXMabWFwUnVuUmVzdWx0cwJNdnsiTWFwUnVuQXJuIjoiYXJuOmF3czpzdGF0ZXM6bG9jYWw6MDAwMDAwMDAw"
        + "MDAxOm1hcFJ1bjptYWNoaW5lL2w6biIsIk5hbWUiOiJuIiwiTGFiZWwiOiJsIiwiTWFwU3RhdGUiOjAsIkl0ZW1zIjpbMSwyXX0Ce30CW12SAXsiQ2hpbGRy"
        + "ZW4iOjIsIlRyYW5zZm9ybWF0aW9uIjoiQ09NUEFDVCIsIk91dHB1dFR5cGUiOiJKU09OIiwiTWFwUnVuQXJuIjoiYXJuOmF3czpzdGF0ZXM6bG9jYWw6MDAw"
        + "MDAwMDAwMDAxOm1hcFJ1bjptYWNoaW5lL2w6biIsIk1heEJ5dGVzIjoyNjIxNDR9AAQCA4CCuOvy6qTeEYCCuOvy6qTeEQAAAAAAAAAAAQECAwQFKgAAAAAA"
        + "AAAABgIAAACAgBDoBwDoB4CAgALoByiAgBCAreIE6AeQToCAEICAEICAgAXAhD2sAgEAAAEBAAEAAAICAQICgIK46/LqpN4RAAYCAAAAAAABAwIAAgAAAAAA"
        + "AgAAAAACAAEDBwIICQAKBAAAAAACgIK46/LqpN4RAAAAAAAAWbiZW4VwdqE=";

    private static readonly CompiledMachine _machine = Machines.Load(Definition).ForMapRunOf(0);

    [Fact]
    public void AMapRunOfThatTimeTakesItsResultsFromOneCall() =>
        Assert.Equal("[1,2]", Take(Before(), new ResultsAnswer(JsonArray.Of(JsonNumber.Of(1), JsonNumber.Of(2)), 0)).Finished?.Output?.ToString());

    [Fact]
    public void AMapRunOfThatTimeTakesItsResultsFromSeveralCalls()
    {
        Run some = Take(Before(), new ResultsAnswer(null, 0)
        {
            Collected = JsonArray.Of(JsonNumber.Of(1)),
            Next = ResultsCursor.Start with { Next = 1 },
        });
        Assert.Null(some.Finished);
        Run all = Take(some, new ResultsAnswer(null, 0) { Collected = JsonArray.Of(JsonNumber.Of(2)) });

        Assert.Equal("[1,2]", all.Finished?.Output?.ToString());
    }

    private static Run Before() => new(_machine) { State = StateCodec.Read(Convert.FromBase64String(State)) };

    private static Run Take(Run run, ResultsAnswer answer)
    {
        var call = Assert.IsType<Lockstep.Engine.Commands.InvokeTask>(Assert.Single(run.State.OutstandingCommands()));
        run.Send(new TaskSucceeded(run.Now, call.Id, answer.ToJson()));
        return run;
    }
}
