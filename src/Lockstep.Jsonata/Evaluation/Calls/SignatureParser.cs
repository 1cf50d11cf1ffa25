namespace Lockstep.Jsonata.Evaluation.Calls;

/// <summary>Reads signatures such as <c>&lt;s-nn?:s&gt;</c>.</summary>
internal static class SignatureParser
{
    private const string AnyJson = "asnblo";
    private const string Anything = "asnblfo";

    /// <summary>Parses a signature with its angle brackets; what it says of the result is not checked, as in the reference.</summary>
    /// <param name="text">The signature.</param>
    /// <param name="position">Offset just after the opening bracket.</param>
    /// <exception cref="JsonataException">S0401, S0402: types of items stand where there are none.</exception>
    public static Signature Parse(string text, int position)
    {
        var parameters = new List<Parameter>();
        for (int at = 1; at < text.Length && text[at] is not (':' or '>'); at++)
        {
            switch (text[at])
            {
                case 's' or 'n' or 'b' or 'l' or 'o':
                    parameters.Add(new Parameter(text[at].ToString(), false, '\0', Occurrence.One));
                    break;
                case 'a':
                    parameters.Add(new Parameter(Anything, true, '\0', Occurrence.One));
                    break;
                case 'f':
                    parameters.Add(new Parameter("f", false, '\0', Occurrence.One));
                    break;
                case 'j':
                    parameters.Add(new Parameter(AnyJson, false, '\0', Occurrence.One));
                    break;
                case 'x':
                    parameters.Add(new Parameter(Anything, false, '\0', Occurrence.One));
                    break;
                case '-':
                    Change(parameters, last => last with { Occurrence = Occurrence.OrContext });
                    break;
                case '?':
                    Change(parameters, last => last with { Occurrence = Occurrence.Optional });
                    break;
                case '+':
                    Change(parameters, last => last with { Occurrence = Occurrence.OneOrMore });
                    break;
                case '(':
                    int close = Closing(text, at, '(', ')');
                    parameters.Add(Choice(text[(at + 1)..close], position + at));
                    at = close;
                    break;
                case '<':
                    int end = Closing(text, at, '<', '>');
                    Parameterize(parameters, text[(at + 1)..end], position + at);
                    at = end;
                    break;
                default:
                    // No value has such a type, so that every call is refused.
                    parameters.Add(new Parameter("", false, '\0', Occurrence.One));
                    break;
            }
        }

        return new Signature([.. parameters]);
    }

    private static Parameter Choice(string types, int position) => types.Contains('<')
        ? throw new JsonataException("S0402", $"Choice groups containing parameterized types are not supported", position, types)
        : new Parameter(types, false, '\0', Occurrence.One);

    private static void Parameterize(List<Parameter> parameters, string items, int position)
    {
        if (parameters.Count == 0 || !(parameters[^1].IsArray || parameters[^1].Types == "f"))
        {
            throw new JsonataException("S0401", "Type parameters can only be applied to functions and arrays", position, "<" + items + ">");
        }

        if (parameters[^1].IsArray)
        {
            Change(parameters, last => last with { ItemType = items.Length > 0 ? items[0] : '>' });
        }
    }

    private static void Change(List<Parameter> parameters, Func<Parameter, Parameter> change)
    {
        if (parameters.Count > 0)
        {
            parameters[^1] = change(parameters[^1]);
        }
    }

    private static int Closing(string text, int at, char open, char close)
    {
        int depth = 0;
        for (int i = at; i < text.Length; i++)
        {
            depth += text[i] == open ? 1 : text[i] == close ? -1 : 0;
            if (depth == 0)
            {
                return i;
            }
        }

        // As in the reference, one that does not close takes in all that follows.
        return text.Length;
    }
}
