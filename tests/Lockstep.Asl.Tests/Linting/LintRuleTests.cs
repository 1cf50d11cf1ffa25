using System.Reflection;
using Lockstep.Asl.Diagnostics;

namespace Lockstep.Asl.Tests.Linting;

/// <summary>Each rule with definitions that it warns of, and such that come close.</summary>
public sealed class LintRuleTests
{
    private const string Function = "\"Type\":\"Task\",\"Resource\":\"arn:aws:lambda:local:000000000001:function:f\"";
    private const string Callback = "\"Type\":\"Task\",\"Resource\":\"arn:aws:states:::sqs:sendMessage.waitForTaskToken\"";
    private const string Activity = "\"Type\":\"Task\",\"Resource\":\"arn:aws:states:local:000000000001:activity:a\"";

    /// <summary>Code, the fields of state A, and the place below A that is warned of.</summary>
    public static TheoryData<string, string, string> Warned => new()
    {
        { "NO_DOLLAR", Function + ""","End":true,"Parameters":{"id":"$.id"}""", "/Parameters/id" },
        { "NO_DOLLAR", Function + ""","End":true,"Parameters":{"of":{"token":"$$.Task.Token"}}""", "/Parameters/of/token" },
        { "NO_DOLLAR", Function + ""","End":true,"Parameters":{"all":["$.id"]}""", "/Parameters/all/0" },
        { "NO_DOLLAR", """ "Type":"Pass","End":true,"Parameters":{"key":"States.UUID()"}""", "/Parameters/key" },
        { "NO_PATH", """ "Type":"Choice","Choices":[{"Variable":"$.a","StringEquals":"$.b","Next":"End"}],"Default":"End" """, "/Choices/0/StringEquals" },
        { "NO_PATH", """ "Type":"Choice","Choices":[{"Not":{"Variable":"$.a","StringMatches":"$.b"},"Next":"End"}],"Default":"End" """, "/Choices/0/Not/StringMatches" },
        { "NO_PATH", """ "Type":"Fail","Error":"E","Cause":"$.cause" """, "/Cause" },
        { "PASS_RESULT_IS_STATIC", """ "Type":"Pass","End":true,"Result":{"id.$":"$.id"}""", "/Result/id.$" },
        { "EXPRESSION_IS_TEXT", """ "Type":"Pass","End":true,"Parameters":{"id":"{% $states.input.id %}"}""", "/Parameters/id" },
        { "EXPRESSION_IS_TEXT", """ "QueryLanguage":"JSONata","Type":"Pass","End":true,"Output":"order {% $states.input.id %}" """, "/Output" },
        { "EXPRESSION_IS_TEXT", """ "QueryLanguage":"JSONata","Type":"Pass","End":true,"Output":{"id":"$.id"}""", "/Output/id" },
        { "MISSING_END_STATE", """ "Type":"Pass","Next":"A" """, "" },
        { "MISSING_TIMEOUT", Callback + ""","End":true""", "" },
        { "MISSING_TIMEOUT", Activity + ""","End":true""", "" },
        { "HANDLER_SHADOWED", Function + ""","End":true,"Retry":[{"ErrorEquals":["E"]},{"ErrorEquals":["E"]}]""", "/Retry/1" },
        { "HANDLER_SHADOWED", Function + ""","End":true,"Catch":[{"ErrorEquals":["States.TaskFailed"],"Next":"End"},{"ErrorEquals":["E"],"Next":"End"}]""", "/Catch/1" },
        { "HANDLER_SHADOWED", Function + ""","End":true,"Retry":[{"ErrorEquals":["E"]},{"ErrorEquals":["F","E"]}]""", "/Retry/1/ErrorEquals/1" },
        { "ERROR_NEVER_OCCURS", Function + ""","End":true,"Retry":[{"ErrorEquals":["States.TaskFail"]}]""", "/Retry/0/ErrorEquals/0" },
        { "ERROR_NEVER_OCCURS", Function + ""","End":true,"Retry":[{"ErrorEquals":["States.Timeout"]}]""", "/Retry/0/ErrorEquals/0" },
        { "ERROR_NEVER_OCCURS", Function + ""","End":true,"TimeoutSeconds":9,"Retry":[{"ErrorEquals":["States.HeartbeatTimeout"]}]""", "/Retry/0/ErrorEquals/0" },
        { "ERROR_NEVER_OCCURS", Function + ""","End":true,"Catch":[{"ErrorEquals":["States.BranchFailed"],"Next":"End"}]""", "/Catch/0/ErrorEquals/0" },
        { "RETRY_DELAY_UNBOUNDED", Function + ""","End":true,"Retry":[{"ErrorEquals":["E"],"MaxAttempts":18}]""", "/Retry/0" },
        { "UNUSED_VARIABLE", """ "Type":"Pass","End":true,"Assign":{"x.$":"$.x"}""", "/Assign/x.$" },
        { "UNUSED_VARIABLE", Function + ""","End":true,"Catch":[{"ErrorEquals":["E"],"Next":"End","Assign":{"x":1}}]""", "/Catch/0/Assign/x" },
        { "CHOICE_WITHOUT_DEFAULT", """ "Type":"Choice","Choices":[{"Variable":"$.a","NumericLessThan":1,"Next":"End"}]""", "" },
        { "CHOICE_WITHOUT_DEFAULT", """ "Type":"Choice","Choices":[{"Variable":"$.a","BooleanEquals":true,"Next":"End"},{"Variable":"$.b","BooleanEquals":false,"Next":"End"}]""", "" },
        { "CHOICE_RULE_SHADOWED", """ "Type":"Choice","Choices":[{"Variable":"$.a","IsPresent":true,"Next":"End"},{"Variable":"$.a","IsPresent":true,"Next":"A"}],"Default":"End" """, "/Choices/1" },
        { "RESULT_DISCARDED", """ "Type":"Pass","End":true,"Result":1,"ResultPath":null""", "/Result" },
        { "RESULT_DISCARDED", Function + ""","End":true,"ResultSelector":{"a":1},"ResultPath":null""", "/ResultSelector" },
    };

    /// <summary>A code, and fields of state A that come close to it and give no warning at all.</summary>
    public static TheoryData<string, string> Silent => new()
    {
        { "MISSING_END_STATE", """ "Type":"Choice","Choices":[{"Variable":"$.a","IsPresent":true,"Next":"A"}],"Default":"End" """ },
        { "NO_DOLLAR", Function + ""","End":true,"Parameters":{"id.$":"$.id","price":"$.50","currency":"$","of":"$USD","InputPathsMap":{"t":"$.time"}}""" },
        { "NO_PATH", """ "Type":"Choice","Choices":[{"Variable":"$.a","StringEqualsPath":"$.b","Next":"End"}],"Default":"End" """ },
        { "NO_PATH", """ "Type":"Fail","Error":"E","CausePath":"$.cause" """ },
        { "PASS_RESULT_IS_STATIC", """ "Type":"Pass","End":true,"Result":{"a":"$","b":"States' rights"}""" },
        { "EXPRESSION_IS_TEXT", """ "QueryLanguage":"JSONata","Type":"Pass","End":true,"Output":"{% 'order ' & $states.input.id %}","Comment":"{% no %} $.id" """ },
        { "MISSING_TIMEOUT", Callback + ""","End":true,"TimeoutSeconds":60""" },
        { "MISSING_TIMEOUT", Activity + ""","End":true,"HeartbeatSeconds":60""" },
        { "HANDLER_SHADOWED", Function + ""","End":true,"Retry":[{"ErrorEquals":["E"]},{"ErrorEquals":["States.TaskFailed"]},{"ErrorEquals":["States.ALL"]}]""" },
        { "ERROR_NEVER_OCCURS", Function + ""","End":true,"TimeoutSeconds":9,"Retry":[{"ErrorEquals":["States.Timeout"]}],"Catch":[{"ErrorEquals":["States.Http.StatusCode.404"],"Next":"End"}]""" },
        { "ERROR_NEVER_OCCURS", """ "Type":"Parallel","End":true,"Branches":[{"StartAt":"F","States":{"F":{"Type":"Fail","Error":"States.Mine"}}}],"Catch":[{"ErrorEquals":["States.Mine"],"Next":"End"}]""" },
        { "HANDLER_SHADOWED", """ "Type":"Parallel","End":true,"Branches":[{"StartAt":"F","States":{"F":{"Type":"Fail","Error":"E"}}}],"Catch":[{"ErrorEquals":["States.TaskFailed"],"Next":"End"},{"ErrorEquals":["E"],"Next":"End"}]""" },
        { "RETRY_DELAY_UNBOUNDED", Function + ""","End":true,"Retry":[{"ErrorEquals":["E"],"MaxAttempts":17},{"ErrorEquals":["F"],"MaxAttempts":99,"MaxDelaySeconds":60},{"ErrorEquals":["G"],"MaxAttempts":99,"BackoffRate":1}]""" },
        { "UNUSED_VARIABLE", """ "Type":"Pass","End":true,"Assign":{"x":1},"Parameters":{"y.$":"$x"}""" },
        { "CHOICE_WITHOUT_DEFAULT", """ "Type":"Choice","Choices":[{"Variable":"$.a","NumericLessThan":1,"Next":"End"},{"Variable":"$.a","NumericGreaterThanEquals":1,"Next":"End"}]""" },
        { "CHOICE_WITHOUT_DEFAULT", """ "Type":"Choice","Choices":[{"Variable":"$.a","StringLessThanPath":"$.b","Next":"End"},{"Variable":"$.a","StringGreaterThanEqualsPath":"$.b","Next":"End"}]""" },
        { "CHOICE_WITHOUT_DEFAULT", """ "Type":"Choice","Choices":[{"Variable":"$.a","BooleanEquals":true,"Next":"End"},{"Next":"End","BooleanEquals":false,"Variable":"$.a"}]""" },
        { "CHOICE_RULE_SHADOWED", """ "Type":"Choice","Choices":[{"Not":{"Variable":"$.a","IsNull":true},"Next":"End"},{"Variable":"$.a","IsNull":true,"Next":"End"}]""" },
        { "RESULT_DISCARDED", """ "Type":"Pass","End":true,"Result":1,"ResultPath":"$.a" """ },
        { "RESULT_DISCARDED", Function + ""","End":true,"ResultSelector":{"a":1},"ResultPath":null,"Catch":[{"ErrorEquals":["States.ALL"],"Next":"End"}],"Assign":{"x.$":"$.a"},"Parameters":{"y.$":"$x"}""" },
    };

    [Theory]
    [MemberData(nameof(Warned))]
    public void Mistake_is_warned_of_in_its_place(string code, string fields, string place)
    {
        AslLoadResult result = AslValidator.Validate(Machine(fields));

        Assert.True(result.IsValid, string.Join('\n', result.Diagnostics));
        Diagnostic only = Assert.Single(result.Diagnostics, diagnostic => diagnostic.Code != "UNREACHABLE_STATE");
        Assert.Equal((code, DiagnosticSeverity.Warning, "/States/A" + place), (only.Code, only.Severity, only.Pointer));
        Assert.True(only.Line > 0 && only.Column > 0, only.ToString());
    }

    [Theory]
    [MemberData(nameof(Silent))]
    public void What_comes_close_is_not(string code, string fields)
    {
        AslLoadResult result = AslValidator.Validate(Machine(fields));

        Assert.True(result.IsValid, $"{code}: {string.Join('\n', result.Diagnostics)}");
        Assert.DoesNotContain(result.Diagnostics, diagnostic => diagnostic.Code != "UNREACHABLE_STATE");
    }

    [Fact]
    public void Timeout_of_the_machine_bounds_its_callbacks() => Assert.DoesNotContain(
        AslValidator.Validate(Machine($"{Callback},\"End\":true", "\"TimeoutSeconds\":60,")).Diagnostics, diagnostic => diagnostic.Code == "MISSING_TIMEOUT");

    [Fact]
    public void Variable_read_in_a_branch_is_used()
    {
        string fields = """ "Type":"Parallel","End":true,"Branches":[{"StartAt":"B","States":{"B":{"Type":"Pass","End":true,"Parameters":{"y.$":"$x"},"Assign":{"z":1}}}}],"Assign":{"x":1}""";

        Diagnostic only = Assert.Single(AslValidator.Validate(Machine(fields)).Diagnostics, diagnostic => diagnostic.Code == "UNUSED_VARIABLE");

        Assert.Equal("/States/A/Branches/0/States/B/Assign/z", only.Pointer);
    }

    [Fact]
    public void Running_a_definition_does_not_lint_it() =>
        Assert.DoesNotContain(AslCompiler.Load(Machine($"{Callback},\"End\":true")).Diagnostics, diagnostic => diagnostic.Code == "MISSING_TIMEOUT");

    [Fact]
    public void Warnings_count_towards_the_limit_and_errors_come_first()
    {
        var options = new AslOptions { Limits = AslLimits.Default with { MaxDiagnostics = 2 } };
        string fields = """ "Type":"Pass","End":true,"Assign":{"x":1,"y":2,"z":3}""";

        AslLoadResult cut = AslValidator.Validate(Machine(fields), options);
        AslLoadResult whole = AslValidator.Validate(Machine(fields.Replace(",\"z\":3", "", StringComparison.Ordinal).Replace("\"End\":true", "\"Next\":\"End\"", StringComparison.Ordinal)), options);

        Assert.Contains(cut.Diagnostics, diagnostic => diagnostic.Code == DiagnosticCodes.TooManyDiagnostics);
        Assert.Equal(2, whole.Diagnostics.Length);
    }

    [Fact]
    public void An_error_takes_the_place_of_a_warning_when_there_is_no_more_room()
    {
        var options = new AslOptions { Limits = AslLimits.Default with { MaxDiagnostics = 2 } };
        const string Definition = """{"StartAt":"A","States":{"A":{"Type":"Pass","End":true},"B":{"Type":"Pass","End":true},"C":{"Type":"Pass","End":true},"D":{"Type":"Pass","Next":"X"},"E":{"Type":"Pass","Next":"Y"}}}""";

        IEnumerable<Diagnostic> found = AslCompiler.Load(Definition, options).Diagnostics.Where(diagnostic => diagnostic.Code != DiagnosticCodes.TooManyDiagnostics);

        Assert.All(found, diagnostic => Assert.Equal(DiagnosticSeverity.Error, diagnostic.Severity));
        Assert.Equal(2, found.Count());
    }

    [Fact]
    public void Every_code_of_a_rule_is_tested_both_ways()
    {
        IEnumerable<string> tested = Warned.Select(row => row.Data.Item1).Distinct();
        string[] rules =
        [
            .. typeof(AslValidator).Assembly.GetTypes().Where(type => type.Namespace == "Lockstep.Asl.Linting.Rules" && type.IsSealed && type.Name.EndsWith("Rule", StringComparison.Ordinal))
                .Select(type => (string)type.GetProperty("Code", BindingFlags.Public | BindingFlags.Instance)!.GetValue(Activator.CreateInstance(type))!), // every rule has a code
        ];

        Assert.Equal(rules.Order(StringComparer.Ordinal), tested.Order(StringComparer.Ordinal));
        Assert.Equal(rules.Order(StringComparer.Ordinal), Silent.Select(row => row.Data.Item1).Distinct().Order(StringComparer.Ordinal));
    }

    private static string Machine(string fieldsOfA, string fieldsOfMachine = "") =>
        "{" + fieldsOfMachine + """ "StartAt":"A","States":{"A":{""" + fieldsOfA + """},"End":{"Type":"Succeed"}}} """;
}
