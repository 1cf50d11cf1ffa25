using System.Diagnostics.CodeAnalysis;
using Lockstep.Asl.Diagnostics;
using Lockstep.Asl.Queries;
using Lockstep.Jsonata;

namespace Lockstep.Asl.Parsing;

/// <summary>
/// Parses the JSONata expressions of a definition, each once, and checks what they read (States Language, "JSONata"): variables, members of
/// <c>$states</c> that are there in the field, and no input document. Reports with the place inside the string.
/// </summary>
internal sealed class QueryParser(DiagnosticBag problems, Action<string> variableRead, Func<string, bool> isAssigned)
{
    private const string Result = "result";
    private const string ErrorOutput = "errorOutput";

    /// <summary>Parses an expression at the current place.</summary>
    /// <param name="text">The expression.</param>
    /// <param name="offset">Where in its string it starts, in UTF-16 units.</param>
    /// <param name="available">The members of <c>$states</c> that are there in the field.</param>
    /// <param name="query">The expression, when it is a valid one.</param>
    public bool TryRead(string text, int offset, StatesMembers available, [NotNullWhen(true)] out Query? query)
    {
        try
        {
            query = Query.Parse(text);
        }
        catch (JsonataException error)
        {
            query = null;
            Report(DiagnosticCodes.InvalidJsonataExpression, error.Message, $"{error.Code}{At(error.Position)}", offset, error.Position);
            return false;
        }

        foreach (QueryReference variable in query.References.Variables)
        {
            variableRead(variable.Name);
        }

        foreach (QueryReference function in query.References.Functions)
        {
            if (isAssigned(function.Name))
            {
                variableRead(function.Name);
            }
        }

        foreach (QueryReference member in query.References.StatesMembers)
        {
            if ((member.Name == Result && !available.HasFlag(StatesMembers.Result))
                || (member.Name == ErrorOutput && !available.HasFlag(StatesMembers.ErrorOutput)))
            {
                string place = member.Name == Result ? "in 'Output' and 'Assign' of Task, Parallel and Map states" : "in 'Output' and 'Assign' of a Catcher";
                Report(
                    DiagnosticCodes.UnsupportedJsonataExpression,
                    $"Reference to '$states.{member.Name}' is not supported here. It is available only {place}.",
                    null,
                    offset,
                    member.Position);
            }
        }

        foreach (QueryReference name in query.References.Document)
        {
            Report(
                DiagnosticCodes.UnsupportedJsonataExpression,
                $"Reference to '{name.Name}' at the top level is not supported.",
                "the input of the state is $states.input, a variable is $name",
                offset,
                name.Position);
        }

        return true;
    }

    private static string At(int position) => position < 0 ? "" : FormattableString.Invariant($" at character {position} of the expression");

    private void Report(string code, string message, string? detail, int offset, int position) =>
        problems.Add(new Diagnostic(code, DiagnosticSeverity.Error, message, problems.Pointer())
        {
            Detail = detail,

            // A position is just behind what it is about; a caret stands best under its last character.
            StringOffset = offset + Math.Max(0, position - 1),
        });
}
