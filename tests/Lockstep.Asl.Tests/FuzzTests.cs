using System.Globalization;
using System.Text;
using Lockstep.Asl.Compiled;
using Lockstep.Asl.Diagnostics;
using Lockstep.Asl.Evaluation;
using Lockstep.Json;

namespace Lockstep.Asl.Tests;

/// <summary>
/// Damaged definitions, calls and timestamps: nothing throws, and whatever is accepted can be compiled and evaluated. LOCKSTEP_FUZZ_ITERATIONS says
/// how many of each; the seed of a failure is in its message.
/// </summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const string Definition =
        """
        {"Comment":"c","StartAt":"P","TimeoutSeconds":60,"States":{
          "P":{"Type":"Pass","Parameters":{"a.$":"States.Format('{} {}', $.x, $$.Execution.Id)","b":[{"c.$":"$v.y[0]"}]},"Assign":{"v":{"y":[1]}},"ResultPath":"$.r","Next":"C"},
          "C":{"Type":"Choice","Choices":[{"And":[{"Variable":"$.x","IsPresent":true},{"Not":{"Variable":"$.x","StringMatches":"a*"}}],"Next":"T"},
            {"Variable":"$.t","TimestampLessThanPath":"$.u","Next":"W"}],"Default":"F"},
          "T":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","TimeoutSecondsPath":"$.s","Retry":[{"ErrorEquals":["States.ALL"],"BackoffRate":1.5}],
            "Catch":[{"ErrorEquals":["A"],"Next":"F","ResultPath":"$.e"}],"ResultSelector":{"z.$":"$.Payload"},"Next":"M"},
          "M":{"Type":"Map","ItemsPath":"$.items","ItemSelector":{"i.$":"$$.Map.Item.Value"},"MaxConcurrency":2,"ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Succeed"}}},"Next":"L"},
          "L":{"Type":"Parallel","Branches":[{"StartAt":"B","States":{"B":{"Type":"Wait","Seconds":1,"End":true}}}],"Next":"W"},
          "W":{"Type":"Wait","TimestampPath":"$.t","Next":"S"},"S":{"Type":"Succeed"},
          "F":{"Type":"Fail","ErrorPath":"$.e","CausePath":"States.JsonToString($.c)"}}}
        """;

    private const string JsonataDefinition =
        """
        {"QueryLanguage":"JSONata","StartAt":"P","States":{
          "P":{"Type":"Pass","Assign":{"v":"{% $states.input.items.($ * 2) %}"},"Output":{"a":["{% $states.input.x & 'é' %}"]},"Next":"C"},
          "C":{"Type":"Choice","Choices":[{"Condition":"{% $exists($v[0]) and $states.input.s > 3 %}","Output":"{% $states.input %}","Next":"T"}],"Default":"F"},
          "T":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Arguments":{"FunctionName":"{% 'f' %}"},"TimeoutSeconds":"{% $states.input.s %}",
            "Catch":[{"ErrorEquals":["A"],"Output":"{% $states.errorOutput.Error %}","Next":"F"}],"Output":"{% $states.result^(>$) %}","Next":"M"},
          "M":{"Type":"Map","Items":"{% [1..3] %}","ItemSelector":{"i":"{% $states.context.Map.Item.Value %}"},"MaxConcurrency":"{% 2 %}",
            "ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Succeed","Output":"{% ($f := function($n){ $n = 0 ? 1 : $n * $f($n - 1) }; $f(3)) %}"}}},"Next":"W"},
          "W":{"Type":"Wait","Timestamp":"{% $states.input.t %}","Next":"S"},"S":{"Type":"Succeed"},
          "F":{"Type":"Fail","Error":"{% $states.input.e %}","Cause":"{% $string($v) %}"}}}
        """;

    private static readonly string[] Fragments =
    [
        "$", "$$", "$.", "[", "]", "{", "}", "'", "\\", "\"", ",", ":", "(", ")", "*", "?", "@", "null", "true", "-1", "1e999", "9999999999999999999", "States.",
        "States.Format(", "States.Array(", "\"Next\":", "\"End\":true", "\"Type\":\"Map\"", "JSONata", "{% x %}", ".$", "~1", "\u0000", "é", "\uD800", "..", "[?(@.a==1)]", "Path",
    ];

    private static int Iterations =>
        int.TryParse(Environment.GetEnvironmentVariable("LOCKSTEP_FUZZ_ITERATIONS"), NumberStyles.None, CultureInfo.InvariantCulture, out int count) ? count : 3_000;

    [Fact]
    public void Damaged_definitions_are_refused_or_run()
    {
        int accepted = 0;
        JsonValue input = JsonValue.Parse("""{"x":"abc","t":"2030-01-01T00:00:00Z","s":5,"items":[1,2],"e":"E","c":{"d":[1]}}""");
        for (int seed = 0; seed < Iterations; seed++)
        {
            string text = Damage(seed % 2 == 0 ? Definition : JsonataDefinition, new Random(seed));
            try
            {
                AslLoadResult result = AslCompiler.Load(text);
                string rendered = DiagnosticRenderer.Render(result.Diagnostics, text, "fuzz");
                Assert.True(result.IsValid || rendered.Length > 0, "refused without a reason");
                accepted += result.IsValid ? 1 : 0;
                foreach (CompiledState state in result.Machine?.States ?? [])
                {
                    EvaluateAll(state, new TestScope(input) { Fuel = 10_000 });
                }
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"seed {seed}: {text}", exception);
            }
        }

        output.WriteLine($"{accepted} of {Iterations} accepted");
    }

    [Fact]
    public void Damaged_calls_are_refused_or_evaluated()
    {
        string[] calls = [.. CorpusFile.Read("intrinsics.json").Select(json => json.Text("call"))];
        JsonValue input = JsonValue.Parse("""{"age":42,"numbers":[1,2],"text":"x"}""");
        int accepted = 0;
        for (int seed = 0; seed < Iterations; seed++)
        {
            var random = new Random(seed);
            string call = Damage(calls[seed % calls.Length], random);
            JsonObject template = JsonObject.Of("v.$", JsonString.Of(call));
            AslLoadResult result = AslCompiler.Load(
                """{"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":T,"Assign":{"variable":1},"End":true}}}"""
                    .Replace("T,", template + ",", StringComparison.Ordinal));
            if (result.Machine is CompiledMachine machine)
            {
                accepted++;
                Evaluated evaluated = ((CompiledPass)machine.States[0]).Parameters?.Evaluate(new TestScope(input)) ?? default;
                Assert.True(evaluated.Succeeded || evaluated.Error.Name is not null, call);
            }
        }

        output.WriteLine($"{accepted} of {Iterations} accepted");
    }

    [Fact]
    public void Damaged_timestamps_never_throw()
    {
        for (int seed = 0; seed < Iterations; seed++)
        {
            string text = Damage("2024-02-29T23:59:59.123456789+02:00", new Random(seed));
            if (Rfc3339.TryParse(text, out Instant instant))
            {
                Assert.InRange(instant.Nanoseconds, 0, 999_999_999);
            }
        }
    }

    private static void EvaluateAll(CompiledState state, TestScope scope)
    {
        state.InputPath?.Evaluate(scope);
        state.OutputPath?.Evaluate(scope);
        state.Assign?.Template.Evaluate(scope);
        state.Output?.Evaluate(scope);
        switch (state)
        {
            case CompiledPass pass:
                pass.Parameters?.Evaluate(scope);
                break;
            case CompiledChoice choice:
                foreach (ChoiceRule rule in choice.Rules)
                {
                    rule.Condition.Evaluate(scope);
                    rule.Output?.Evaluate(scope);
                }

                break;
            case CompiledFail fail:
                fail.Error?.Evaluate(scope);
                fail.Cause?.Evaluate(scope);
                break;
            case CompiledWorkState work:
                work.Parameters?.Evaluate(scope);
                work.ResultSelector?.Evaluate(scope);
                (work as CompiledMap)?.Items?.Evaluate(scope);
                break;
            default:
                break;
        }
    }

    private static string Damage(string text, Random random)
    {
        var damaged = new StringBuilder(text);
        for (int change = random.Next(1, 4); change > 0 && damaged.Length > 0; change--)
        {
            int at = random.Next(damaged.Length);
            switch (random.Next(4))
            {
                case 0:
                    damaged.Remove(at, Math.Min(random.Next(1, 8), damaged.Length - at));
                    break;
                case 1:
                    damaged.Insert(at, Fragments[random.Next(Fragments.Length)]);
                    break;
                case 2:
                    damaged[at] = (char)random.Next(32, 127);
                    break;
                default:
                    string piece = damaged.ToString(at, Math.Min(random.Next(1, 40), damaged.Length - at));
                    damaged.Insert(random.Next(damaged.Length), piece);
                    break;
            }
        }

        return damaged.ToString();
    }
}
