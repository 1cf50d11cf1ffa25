using System.Text;
using Lockstep.Asl.Evaluation;
using Lockstep.Json;
using Lockstep.TestKit;

namespace Lockstep.Fuzz.Targets;

/// <summary>Calls of intrinsic functions: parsed and evaluated.</summary>
internal sealed class IntrinsicTarget : IFuzzTarget
{
    private static readonly JsonValue Data = JsonValue.Parse("""{"name":"Ann","age":42,"list":[1,2,[3],"x"],"object":{"a":1},"text":"a,b;c","json":"{\"k\":[1]}","b64":"aGk="}""");

    private static readonly JsonObject Bindings = (JsonObject)JsonValue.Parse("""{"v":{"y":[1,2]}}""");

    public string Name => "intrinsics";

    public bool IsJson => false;

    public IReadOnlyList<string> Tokens { get; } =
    [
        "States.Format(", "States.StringToJson(", "States.JsonToString(", "States.Array(", "States.ArrayPartition(", "States.ArrayContains(", "States.ArrayRange(", "States.ArrayGetItem(",
        "States.ArrayLength(", "States.ArrayUnique(", "States.Base64Encode(", "States.Base64Decode(", "States.Hash(", "States.JsonMerge(", "States.MathRandom(", "States.MathAdd(", "States.StringSplit(",
        "States.UUID()", "States.", "$", "$$", "$.", "$v.y[0]", "$.list[*]", "$.missing", "'", "\\'", "\\\\", "\\{", "{}", "(", ")", ",", "null", "true", "false", "-1", "1.5", "1e99", "99999999999999999999", " ", "é", "\0",
    ];

    public IEnumerable<byte[]> Corpus() =>
        ((JsonArray)JsonValue.Parse(File.ReadAllText(Repository.PathOf("tests/Lockstep.Asl.Tests/Corpus/intrinsics.json"))))
            .OfType<JsonObject>()
            .Select(test => test["call"])
            .OfType<JsonString>()
            .Select(call => Encoding.UTF8.GetBytes(call.Value));

    public bool Run(byte[] input)
    {
        ulong drawn = 0;
        ExpressionOutcome outcome = StandaloneExpression.EvaluateIntrinsic(
            Encoding.UTF8.GetString(input), Data, Bindings, () => drawn += 0x9E3779B97F4A7C15);
        return outcome.Code != "InvalidExpression"
            || (outcome.Message is { Length: > 0 } ? false : throw new InvalidOperationException("A call is refused without a reason."));
    }
}
