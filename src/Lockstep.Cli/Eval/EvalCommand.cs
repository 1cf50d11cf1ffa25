using System.CommandLine;
using System.Security.Cryptography;
using Lockstep.Asl.Evaluation;
using Lockstep.Cli.Definitions;
using Lockstep.Json;

namespace Lockstep.Cli.Eval;

/// <summary>
/// <c>lockstep eval EXPR</c>: evaluates one expression, or with <c>--batch</c> one for each line of a file, and prints what it comes to.
/// </summary>
internal static class EvalCommand
{
    private static readonly Argument<string?> Expression = new("EXPR")
    {
        Description = "The expression; absent with --batch.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<EvalLanguage> Language = new("--language", "-L")
    {
        Description = "What the expression is written in.",
        DefaultValueFactory = _ => EvalLanguage.JsonPath,
    };

    private static readonly Option<string> Input = new("--input", "-i")
    {
        Description = "What $ means.",
        DefaultValueFactory = _ => "{}",
        HelpName = JsonArgument.HelpName,
    };

    private static readonly Option<string?> Batch = new("--batch")
    {
        Description = "Lines of JSON {\"expr\", \"data\", \"bindings\"}, each answered by a line {\"result\"}, {\"undefined\": true} or {\"code\", \"message\", \"position\"}.",
        HelpName = "FILE",
    };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("eval", "Evaluates an expression on its own.") { Expression, Language, Input, Batch };
        command.SetAction(parsed =>
        {
            EvalLanguage language = parsed.GetValue(Language);
            TextWriter output = parsed.InvocationConfiguration.Output;
            string? expression = parsed.GetValue(Expression);
            string? batch = parsed.GetValue(Batch);
            if (expression is null == batch is null)
            {
                throw new CommandFailure(ExitCode.Usage, "eval takes either an expression or --batch FILE.");
            }

            if (batch is not null)
            {
                EvaluateAll(batch, language, output);
                return (int)ExitCode.Success;
            }

            JsonValue input = JsonArgument.Read("--input", parsed.GetRequiredValue(Input), "the input");
            return (int)Show(Evaluate(language, expression ?? "", input, JsonObject.Empty), output, parsed.InvocationConfiguration.Error);
        });
        return command;
    }

    private static ExitCode Show(ExpressionOutcome outcome, TextWriter output, TextWriter error)
    {
        if (outcome.Result is { } result)
        {
            output.WriteLine(result);
            return ExitCode.Success;
        }

        error.WriteLine(outcome.IsUndefined ? "lockstep: the expression selects nothing" : $"lockstep: {outcome.Code}: {outcome.Message}");
        return outcome.IsUndefined ? ExitCode.Success : ExitCode.ExecutionFailed;
    }

    private static void EvaluateAll(string path, EvalLanguage language, TextWriter output)
    {
        DefinitionFile file = DefinitionFile.TryRead(path, out string problem)
            ?? throw new CommandFailure(ExitCode.Usage, $"cannot read {path}: {problem}");
        int number = 0;
        foreach (string line in file.Text.ReplaceLineEndings("\n").Split('\n'))
        {
            number++;
            if (line.Length == 0)
            {
                continue;
            }

            if (JsonReader.Read(line) is not { IsSuccess: true, Value: JsonObject request } || request["expr"] is not JsonString expression)
            {
                throw new CommandFailure(ExitCode.Usage, FormattableString.Invariant($"{path}:{number}: expected an object with a text \"expr\"."));
            }

            ExpressionOutcome outcome = Evaluate(
                language, expression.Value, request["data"], request["bindings"] as JsonObject ?? JsonObject.Empty);
            output.WriteLine(ToJson(outcome));
        }
    }

    private static ExpressionOutcome Evaluate(EvalLanguage language, string expression, JsonValue? data, JsonObject bindings) => language switch
    {
        EvalLanguage.JsonPath => StandaloneExpression.EvaluatePath(expression, data ?? JsonNull.Instance, bindings),
        EvalLanguage.Intrinsic => StandaloneExpression.EvaluateIntrinsic(expression, data ?? JsonNull.Instance, bindings, DrawBits),
        EvalLanguage.Jsonata => StandaloneExpression.EvaluateJsonata(expression, data, bindings, TimeProvider.System.GetUtcNow(), DrawBits),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static JsonObject ToJson(ExpressionOutcome outcome)
    {
        if (outcome.Result is { } result)
        {
            return JsonObject.Of("result", result);
        }

        if (outcome.Code is not { } code)
        {
            return JsonObject.Of("undefined", JsonBoolean.True);
        }

        JsonObjectBuilder failure = new JsonObjectBuilder().Add("code", JsonString.Of(code)).Add("message", JsonString.Of(outcome.Message ?? ""));
        if (outcome.Position is int position)
        {
            failure.Add("position", JsonNumber.Of(position));
        }

        return failure.Build();
    }

    private static ulong DrawBits()
    {
        Span<byte> bits = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(bits);
        return BitConverter.ToUInt64(bits);
    }
}

/// <summary>The languages of expressions.</summary>
internal enum EvalLanguage
{
    /// <summary>A path, as in a state of the query language JSONPath.</summary>
    JsonPath,

    /// <summary>The call of an intrinsic function.</summary>
    Intrinsic,

    /// <summary>A JSONata expression.</summary>
    Jsonata,
}
