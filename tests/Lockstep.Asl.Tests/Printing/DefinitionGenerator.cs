using System.Globalization;
using System.Text.Json.Nodes;

namespace Lockstep.Asl.Tests.Printing;

/// <summary>Makes valid definitions: states of all types with fields by chance, in either query language, in any order of fields. The same seed makes the same ones.</summary>
internal sealed class DefinitionGenerator(int seed)
{
    private const int MaxNesting = 2;
    private const string Function = "arn:aws:lambda:local:000000000001:function:f";

    private static readonly string[] Errors = ["States.Timeout", "States.TaskFailed", "Custom.Error", "E"];

    private readonly Random _random = new(seed);
    private int _states;
    private int _variables;
    private bool _isJsonataMachine;
    private bool _isJsonata;

    /// <summary>One definition.</summary>
    public string Next()
    {
        _states = _variables = 0;
        _isJsonataMachine = Often();
        JsonObject machine = Group(0);
        Maybe(machine, "Comment", () => "a \"comment\" {% no expression %}");
        Maybe(machine, "Version", () => "1.0");
        Maybe(machine, "TimeoutSeconds", () => 1 + _random.Next(99_999_999));
        if (_isJsonataMachine || Often())
        {
            machine["QueryLanguage"] = _isJsonataMachine ? "JSONata" : "JSONPath";
        }

        return Shuffled(machine).ToJsonString();
    }

    private bool Often() => _random.Next(2) == 0;

    private T Pick<T>(params ReadOnlySpan<T> from) => from[_random.Next(from.Length)];

    private void Maybe(JsonObject fields, string name, Func<JsonNode?> make)
    {
        if (_random.Next(3) == 0)
        {
            fields[name] = make();
        }
    }

    private JsonObject Shuffled(JsonObject fields)
    {
        KeyValuePair<string, JsonNode?>[] all = [.. fields.Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone()))];
        _random.Shuffle(all);
        return new JsonObject(all);
    }

    private JsonObject Group(int nesting)
    {
        int count = 1 + _random.Next(nesting == 0 ? 8 : 3);
        string[] names = [.. Enumerable.Range(0, count).Select(_ => string.Create(CultureInfo.InvariantCulture, $"{Pick("State", "Zustand ü", "a.b[0]")} {_states++}"))];
        var states = new JsonObject();
        for (int i = 0; i < count; i++)
        {
            states[names[i]] = State(names, i, nesting);
        }

        return new JsonObject { ["StartAt"] = names[0], ["States"] = states };
    }

    private JsonObject State(string[] names, int index, int nesting)
    {
        bool outer = _isJsonata;
        _isJsonata = _isJsonataMachine || _random.Next(3) == 0;
        string type = index == names.Length - 1
            ? Pick("Pass", "Task", "Wait", "Succeed", "Fail", "Parallel", "Map")
            : Pick("Pass", "Task", "Choice", "Wait", "Parallel", "Map");
        type = nesting == MaxNesting && type is "Parallel" or "Map" ? "Pass" : type;
        var state = new JsonObject { ["Type"] = type };
        Maybe(state, "Comment", () => "of a state");
        if (_isJsonata && !_isJsonataMachine)
        {
            state["QueryLanguage"] = "JSONata";
        }

        switch (type)
        {
            case "Pass":
                if (!_isJsonata)
                {
                    Maybe(state, "Parameters", Template);
                    Maybe(state, "Result", () => Literal(2));
                    Maybe(state, "ResultPath", Placement);
                }

                break;
            case "Task":
                state["Resource"] = Pick(Function, "arn:aws:states:::aws-sdk:sqs:sendMessage.waitForTaskToken", "arn:aws:states:local:000000000001:activity:work");
                Work(state, names, _isJsonata ? "Arguments" : "Parameters");
                Scalar(state, "TimeoutSeconds", 900);
                break;
            case "Choice":
                state["Choices"] = Many(() => Rule(names));
                Maybe(state, "Default", () => Pick(names));
                break;
            case "Wait":
                Wait(state);
                break;
            case "Fail":
                Text(state, "Error");
                Text(state, "Cause");
                break;
            case "Parallel":
                state["Branches"] = Many(() => Group(nesting + 1));
                Work(state, names, _isJsonata ? "Arguments" : "Parameters");
                break;
            case "Map":
                Map(state, names, nesting);
                break;
        }

        if (type is "Pass" or "Task" or "Wait" or "Parallel" or "Map")
        {
            bool ends = index == names.Length - 1;
            state[ends ? "End" : "Next"] = ends ? true : names[index + 1];
        }

        if (!_isJsonata)
        {
            if (type != "Fail")
            {
                Maybe(state, "InputPath", PathOrNull);
                Maybe(state, "OutputPath", PathOrNull);
            }
        }
        else if (type is not ("Fail" or "Choice"))
        {
            Maybe(state, "Output", Template);
        }

        if (type is not ("Fail" or "Succeed"))
        {
            Maybe(state, "Assign", Assign);
        }

        _isJsonata = outer;
        return Shuffled(state);
    }

    private void Map(JsonObject state, string[] names, int nesting)
    {
        bool isDistributed = _random.Next(3) == 0;
        JsonObject processor = Group(nesting + 1);
        if (isDistributed || Often())
        {
            processor["ProcessorConfig"] = isDistributed
                ? new JsonObject { ["Mode"] = "DISTRIBUTED", ["ExecutionType"] = "STANDARD" }
                : new JsonObject { ["Mode"] = "INLINE" };
        }

        bool isOld = !isDistributed && !_isJsonata && _random.Next(4) == 0;
        state[isOld ? "Iterator" : "ItemProcessor"] = processor;
        Work(state, names, isOld && Often() ? "Parameters" : "ItemSelector");
        Scalar(state, "MaxConcurrency", 40);
        if (_isJsonata)
        {
            Maybe(state, "Items", () => Often() ? Query("$states.input.items") : new JsonArray(1, Query("$states.input"), "text"));
        }
        else
        {
            Maybe(state, "ItemsPath", () => "$.items");
        }

        if (isDistributed)
        {
            Maybe(state, "Label", () => string.Create(CultureInfo.InvariantCulture, $"Label{_states++}"));
            Scalar(state, "ToleratedFailureCount", 5);
            Scalar(state, "ToleratedFailurePercentage", 100);
            Maybe(state, "ItemBatcher", () => new JsonObject { ["MaxItemsPerBatch"] = 3, ["BatchInput"] = Template() });
            Maybe(state, "ResultWriter", () => new JsonObject
            {
                ["Resource"] = "arn:aws:states:::s3:putObject",
                [_isJsonata ? "Arguments" : "Parameters"] = new JsonObject { ["Bucket"] = "b", ["Prefix"] = "p" },
            });
        }
    }

    private void Work(JsonObject state, string[] names, string arguments)
    {
        Maybe(state, arguments, Template);
        if (!_isJsonata)
        {
            Maybe(state, "ResultSelector", Template);
            Maybe(state, "ResultPath", Placement);
        }

        Maybe(state, "Retry", () => Many(() =>
        {
            var retrier = new JsonObject { ["ErrorEquals"] = new JsonArray(Pick(Errors)) };
            Maybe(retrier, "IntervalSeconds", () => 1 + _random.Next(100));
            Maybe(retrier, "MaxAttempts", () => _random.Next(10));
            Maybe(retrier, "BackoffRate", () => JsonNode.Parse(Pick("1", "1.5", "2.0", "1e2", "3.141592653589793")));
            Maybe(retrier, "MaxDelaySeconds", () => 200 + _random.Next(100));
            Maybe(retrier, "JitterStrategy", () => Pick("FULL", "NONE"));
            return retrier;
        }));
        Maybe(state, "Catch", () =>
        {
            JsonArray catchers = Many(() => Catcher(Pick(Errors), names));
            if (Often())
            {
                catchers.Add(Catcher("States.ALL", names));
            }

            return catchers;
        });
    }

    private JsonObject Catcher(string error, string[] names)
    {
        var catcher = new JsonObject { ["ErrorEquals"] = new JsonArray(error), ["Next"] = Pick(names) };
        Maybe(catcher, "Assign", Assign);
        Maybe(catcher, _isJsonata ? "Output" : "ResultPath", () => _isJsonata ? Template() : Placement());
        return Shuffled(catcher);
    }

    private JsonObject Rule(string[] names)
    {
        JsonObject rule = _isJsonata ? new JsonObject { ["Condition"] = Often() ? Query("$states.input.a > 1") : Often() } : Condition(2);
        rule["Next"] = Pick(names);
        Maybe(rule, "Assign", Assign);
        if (_isJsonata)
        {
            Maybe(rule, "Output", Template);
        }

        return Shuffled(rule);
    }

    private JsonObject Condition(int depth)
    {
        if (depth > 0 && Often())
        {
            return _random.Next(3) switch
            {
                0 => new JsonObject { ["And"] = Many(() => Condition(depth - 1)) },
                1 => new JsonObject { ["Or"] = Many(() => Condition(depth - 1)) },
                _ => new JsonObject { ["Not"] = Condition(depth - 1) },
            };
        }

        var test = new JsonObject { ["Variable"] = Path() };
        string kind = Pick("String", "Numeric", "Timestamp");
        string order = Pick("Equals", "LessThan", "GreaterThan", "LessThanEquals", "GreaterThanEquals");
        switch (_random.Next(5))
        {
            case 0:
                test[kind + order] = kind switch { "String" => "text", "Numeric" => JsonNode.Parse("1.50"), _ => "2030-01-31T17:30:00.000Z" };
                break;
            case 1:
                test[kind + order + "Path"] = Path();
                break;
            case 2:
                test[Pick("BooleanEquals", "IsPresent", "IsNull", "IsString", "IsNumeric", "IsBoolean", "IsTimestamp")] = Often();
                break;
            case 3:
                test["BooleanEqualsPath"] = Path();
                break;
            default:
                test["StringMatches"] = Pick("a*", "*", "a\\*b\\\\*", "");
                break;
        }

        return Shuffled(test);
    }

    private void Wait(JsonObject state)
    {
        switch (_random.Next(4))
        {
            case 0:
                state["Seconds"] = _random.Next(1000);
                break;
            case 1:
                state["Timestamp"] = "2030-01-31T17:30:00+01:00";
                break;
            case 2:
                state[_isJsonata ? "Seconds" : "SecondsPath"] = _isJsonata ? Query("$states.input.n") : ReferencePath();
                break;
            default:
                state[_isJsonata ? "Timestamp" : "TimestampPath"] = _isJsonata ? Query("$states.input.t") : ReferencePath();
                break;
        }
    }

    private void Scalar(JsonObject state, string name, int most)
    {
        switch (_random.Next(3))
        {
            case 0:
                state[name] = 1 + _random.Next(most);
                break;
            case 1:
                state[_isJsonata ? name : name + "Path"] = _isJsonata ? Query("$states.input.n") : ReferencePath();
                break;
        }
    }

    private void Text(JsonObject state, string name)
    {
        switch (_random.Next(3))
        {
            case 0:
                state[name] = "some text";
                break;
            case 1:
                state[_isJsonata ? name : name + "Path"] = _isJsonata ? Query("'E' & $states.input.n") : Often() ? Path() : Call();
                break;
        }
    }

    private JsonArray Many(Func<JsonNode> make) => new([.. Enumerable.Range(0, 1 + _random.Next(3)).Select(_ => make())]);

    private JsonNode? Placement() => _random.Next(3) switch { 0 => null, 1 => "$", _ => "$.result['with space']" };

    private JsonNode? PathOrNull() => Often() ? null : Path();

    private string ReferencePath() => Pick("$", "$.a", "$.a[0]['b c']");

    private string Path() => Pick("$", "$.a", "$.a[0]['b c']", "$$.Execution.Id", "$$", "$.a[*].b");

    private string Call() => Pick(
        "States.Format('{} \\'quoted\\' \\{\\}', $.a)", "States.Array(1, null, true, 'x', $$.State.Name)", "States.MathAdd($.n, States.ArrayLength($.l))", "States.UUID()");

    private static JsonNode Query(string text) => "{% " + text + " %}";

    private JsonObject Assign()
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"v{_variables++}");
        bool isPath = !_isJsonata && Often();
        return new JsonObject { [isPath ? name + ".$" : name] = isPath ? (Often() ? Path() : Call()) : Template() };
    }

    /// <summary>A payload template, with expressions or without.</summary>
    private JsonObject Template() => Template(2);

    private JsonObject Template(int depth) => new JsonObject(Enumerable.Range(0, _random.Next(4)).Select(i =>
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"f{i}");
        return _random.Next(depth > 0 ? 3 : 2) switch
        {
            0 => KeyValuePair.Create(name, Literal(2)),
            1 when _isJsonata => KeyValuePair.Create(Pick(name, name + ".$"), (JsonNode?)Query("$states.input.a & \"%\" /* }% */")),
            1 => KeyValuePair.Create(name + ".$", (JsonNode?)(Often() ? Path() : Call())),
            _ => KeyValuePair.Create(name, (JsonNode?)new JsonArray(Template(depth - 1), 1, new JsonArray(Template(depth - 1)), "x")),
        };
    }));

    private JsonNode? Literal(int depth) => _random.Next(depth > 0 ? 7 : 5) switch
    {
        0 => null,
        1 => Often(),
        2 => JsonNode.Parse(Pick("0", "-1.50", "1e400", "12345678901234567890.12345678901234567890")),
        3 => Pick("", "text", " {% $no %} ", "\u0000\ud83d\ude00\"\\"),
        4 => "$.not.a.path",
        5 => new JsonArray(Literal(depth - 1), Literal(depth - 1)),
        _ => new JsonObject { ["a"] = Literal(depth - 1), ["b c"] = Literal(depth - 1) },
    };
}
