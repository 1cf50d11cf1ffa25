using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Lockstep.Json.Paths;

namespace Lockstep.Json.Tests.Properties;

/// <summary>Laws that hold for all values; the seed is fixed, so that a failure repeats.</summary>
public sealed class JsonProperties
{
    private static readonly Config Repeatable = Config.QuickThrowOnFailure.WithMaxTest(200).WithReplay(20251122, 4711);

    private static readonly Gen<(int Step, string Name, JsonValue Value)> Steps =
        from step in Gen.Choose(0, 2)
        from name in JsonGenerators.Name
        from value in Gen.Choose(0, 2_000)
        select (step, name, (JsonValue)JsonNumber.Of(value));

    [Fact]
    public void What_is_printed_reads_back_the_same() => ForAllValues(value =>
    {
        byte[] utf8 = value.ToUtf8();
        JsonValue back = JsonReader.Read(utf8).Value!;
        Assert.Equal(value, back);
        Assert.Equal(value.GetHashCode(), back.GetHashCode());
        Assert.Equal(value.ToString(), back.ToString());
        Assert.Equal(value.Depth, back.Depth);
        Assert.Equal(utf8.Length, value.Utf8Length);
        Assert.Equal(utf8, Encoding.UTF8.GetBytes(value.ToString()));
        Assert.Equal(back, JsonReader.Read(value.ToString()).Value);
    });

    [Fact]
    public void Another_reader_finds_the_same_in_the_text() => ForAllValues(value =>
    {
        using var document = JsonDocument.Parse(value.ToUtf8());
        AssertSame(document.RootElement, value);
    });

    [Fact]
    public void Objects_behave_like_an_ordered_list_of_members() => Check.One(
        Repeatable,
        Prop.ForAll(
            Steps.ListOf().ToArbitrary(),
            steps =>
            {
                JsonObject json = JsonObject.Empty;
                var model = new List<(string Name, JsonValue Value)>();
                foreach ((int step, string name, JsonValue value) in steps)
                {
                    int at = model.FindIndex(member => member.Name == name);
                    if (step == 0)
                    {
                        json = json.Without(name);
                        model.RemoveAll(member => member.Name == name);
                    }
                    else if (at >= 0)
                    {
                        json = json.With(name, value);
                        model[at] = (name, value);
                    }
                    else
                    {
                        json = json.With(name, value);
                        model.Add((name, value));
                    }

                    Assert.Equal(step != 0, json.TryGet(name, out JsonValue? found));
                    Assert.Same(step == 0 ? null : value, found);
                }

                Assert.Equal(model, json.Select(member => (member.Name, member.Value)));
                Assert.Equal(json.ToUtf8().Length, json.Utf8Length);
                Assert.Equal<JsonValue>(json, JsonObject.Of([.. json.Reverse()]));
            }));

    [Fact]
    public void What_is_set_is_found_and_nothing_else_changes() => Check.One(
        Repeatable,
        Prop.ForAll(
            JsonGenerators.Value.ToArbitrary(),
            Gen.Elements("a", "b", "c").NonEmptyListOf().ToArbitrary(),
            JsonGenerators.Value.ToArbitrary(),
            (root, names, value) =>
            {
                Assert.True(ReferencePath.TryParse("$." + string.Join('.', names), out ReferencePath? path, out _));
                ReferencePathSetResult result = path.Set(root, value);
                if (!result.IsSuccess)
                {
                    Assert.False(path.Evaluate(root).Found);
                    return;
                }

                Assert.Same(value, path.Evaluate(result.Value).Value);
                var before = (JsonObject)root;
                var after = (JsonObject)result.Value;
                Assert.Equal(
                    before.Where(member => member.Name != names[0]).Select(member => member.Value),
                    after.Where(member => member.Name != names[0]).Select(member => member.Value));
            }));

    [Fact]
    public void Searching_everywhere_visits_every_descendant_once() => ForAllValues(value =>
    {
        Assert.True(JsonPath.TryParse("$..*", out JsonPath? path, out _));
        Assert.Equal(Descendants(value), ((JsonArray)path.Evaluate(value).Value!).Count);
    });

    private static void ForAllValues(Action<JsonValue> law) => Check.One(Repeatable, Prop.ForAll(JsonGenerators.Value.ToArbitrary(), law));

    private static int Descendants(JsonValue value) => value switch
    {
        JsonArray array => array.Sum(item => 1 + Descendants(item)),
        JsonObject json => json.Sum(member => 1 + Descendants(member.Value)),
        _ => 0,
    };

    private static void AssertSame(JsonElement expected, JsonValue actual)
    {
        switch (expected.ValueKind)
        {
            case JsonValueKind.Object:
                Assert.Equal(expected.EnumerateObject().Count(), ((JsonObject)actual).Count);
                foreach ((var member, JsonProperty property) in expected.EnumerateObject().Zip((JsonObject)actual))
                {
                    // A lone surrogate has no .NET string there.
                    Assert.True(property.Name.Any(char.IsSurrogate) || member.Name == property.Name);
                    AssertSame(member.Value, property.Value);
                }

                break;
            case JsonValueKind.Array:
                Assert.Equal(expected.GetArrayLength(), ((JsonArray)actual).Count);
                foreach ((JsonElement item, JsonValue value) in expected.EnumerateArray().Zip((JsonArray)actual))
                {
                    AssertSame(item, value);
                }

                break;
            case JsonValueKind.String:
                string text = ((JsonString)actual).Value;
                Assert.True(text.Any(char.IsSurrogate) || expected.GetString() == text);
                break;
            case JsonValueKind.Number:
                Assert.Equal(expected.GetRawText(), ((JsonNumber)actual).Text);
                Assert.Equal(expected.GetDouble(), ((JsonNumber)actual).ToDouble());
                break;
            default:
                Assert.Equal(expected.GetRawText(), actual.ToString());
                break;
        }
    }
}
