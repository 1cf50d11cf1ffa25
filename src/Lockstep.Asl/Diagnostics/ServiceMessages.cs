using System.Text;

namespace Lockstep.Asl.Diagnostics;

/// <summary>Diagnostics in the words and shapes of the Step Functions API.</summary>
public static class ServiceMessages
{
    private const string States = "States";

    /// <summary>The message of an <c>InvalidDefinition</c> error: every error of the definition, warnings left out.</summary>
    public static string InvalidDefinition(IEnumerable<Diagnostic> diagnostics)
    {
        ArgumentNullException.ThrowIfNull(diagnostics);
        IEnumerable<string> errors = diagnostics
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .Select(Told);
        return $"Invalid State Machine Definition: '{string.Join(", ", errors)}'";
    }

    /// <summary>A diagnostic in such a message: <c>code: message at place</c>. Where there is no place, Step Functions says null.</summary>
    public static string Told(Diagnostic diagnostic)
    {
        ArgumentNullException.ThrowIfNull(diagnostic);
        return $"{diagnostic.ServiceCode}: {diagnostic.Message} at {diagnostic.ServiceLocation ?? "null"}";
    }

    /// <summary>A place as Step Functions names it: a slash before each name, brackets around each index, <c>/States/A/Catch[0]/Next</c>.</summary>
    /// <param name="pointer">The JSON Pointer of the place.</param>
    internal static string PlaceOf(string pointer)
    {
        if (pointer.Length == 0)
        {
            return "/";
        }

        var place = new StringBuilder(pointer.Length);
        string parent = "";
        foreach (string token in pointer[1..].Split('/'))
        {
            // Names of states may be numbers; a member of an object that is one looks like an index here.
            bool isIndex = parent != States && token.Length > 0 && token.All(char.IsAsciiDigit);
            place.Append(isIndex ? $"[{token}]" : $"/{token}");
            parent = token;
        }

        return place.Replace("~1", "/").Replace("~0", "~").ToString();
    }
}
