using Lockstep.Json;
using Lockstep.Jsonata.Values;

namespace Lockstep.Jsonata.Evaluation.Calls;

/// <summary>How often a parameter may be given.</summary>
internal enum Occurrence
{
    One,
    Optional,
    OneOrMore,

    /// <summary>Optional, and taken from the context when it is left out.</summary>
    OrContext,
}

/// <summary>One parameter of a signature.</summary>
/// <param name="Types">The symbols of the types it takes.</param>
/// <param name="IsArray">Whether it is an array, which any other value becomes by being its only item.</param>
/// <param name="ItemType">The symbol of an array's items, or 0 for any.</param>
/// <param name="Occurrence">How often it may be given.</param>
internal sealed record Parameter(string Types, bool IsArray, char ItemType, Occurrence Occurrence)
{
    public bool Takes(char type) => type == 'm' ? Types is not ("f" or "") : Types.Contains(type);
}

/// <summary>What a function takes (JSONata, "Function signature syntax"); arguments are checked against it and brought into its form.</summary>
internal sealed class Signature(Parameter[] parameters)
{
    private readonly bool _isPlain = Array.TrueForAll(parameters, parameter => parameter.Occurrence != Occurrence.OneOrMore);

    public IReadOnlyList<Parameter> Parameters => parameters;

    /// <summary>Checks arguments and brings them into the form the function takes: one for each parameter.</summary>
    /// <exception cref="JsonataException">T0410: an argument does not fit; T0411: the context does not; T0412: an array's item does not.</exception>
    public object?[] Validate(object?[] arguments, object? input, Evaluator run)
    {
        int[] counts = new int[parameters.Length];
        bool[]? failed = _isPlain ? null : new bool[(arguments.Length + 1) * parameters.Length];
        if (!Fit(arguments, 0, 0, counts, failed, run))
        {
            throw Misfit(arguments);
        }

        object?[] result = _isPlain && arguments.Length == parameters.Length ? arguments : new object?[counts.Sum(count => Math.Max(count, 1))];
        int from = 0;
        int to = 0;
        for (int i = 0; i < parameters.Length; i++)
        {
            Parameter parameter = parameters[i];
            if (counts[i] == 0 && parameter.Occurrence == Occurrence.OrContext)
            {
                result[to++] = FromContext(parameter, input, i);
                continue;
            }

            // As in the reference, a parameter that is passed over has the next argument nevertheless, and so each one after it.
            for (int count = Math.Max(counts[i], 1); count > 0; count--, from++)
            {
                object? argument = from < arguments.Length ? arguments[from] : null;
                result[to++] = parameter.IsArray && counts[i] > 0 ? AsArray(parameter, argument, from, run) : argument;
            }
        }

        return result;
    }

    /// <summary>Shares the arguments out among the parameters, as many as fit to each one in turn.</summary>
    /// <param name="arguments">All arguments.</param>
    /// <param name="argument">The first that is left.</param>
    /// <param name="parameterAt">The first parameter that is left.</param>
    /// <param name="counts">How many each parameter gets.</param>
    /// <param name="failed">What has been tried in vain, so that several parameters of one or more arguments do not try everything with everything; null where none is.</param>
    /// <param name="run">Whose fuel the tries cost.</param>
    private bool Fit(object?[] arguments, int argument, int parameterAt, int[] counts, bool[]? failed, Evaluator run)
    {
        if (parameterAt == parameters.Length)
        {
            return argument == arguments.Length;
        }

        int place = (argument * parameters.Length) + parameterAt;
        if (failed?[place] == true)
        {
            return false;
        }

        Parameter parameter = parameters[parameterAt];
        int least = parameter.Occurrence is Occurrence.One or Occurrence.OneOrMore ? 1 : 0;
        int most = parameter.Occurrence == Occurrence.OneOrMore ? arguments.Length - argument : 1;
        int fitting = 0;
        while (fitting < most && argument + fitting < arguments.Length && parameter.Takes(Value.TypeSymbol(arguments[argument + fitting])))
        {
            fitting++;
        }

        for (int count = fitting; count >= least; count--)
        {
            if (failed is not null)
            {
                run.Fuel.Spend();
            }

            if (Fit(arguments, argument + count, parameterAt + 1, counts, failed, run))
            {
                counts[parameterAt] = count;
                return true;
            }
        }

        if (failed is not null)
        {
            failed[place] = true;
        }

        return false;
    }

    private static object? FromContext(Parameter parameter, object? input, int index)
    {
        char type = Value.TypeSymbol(input);
        return parameter.Takes(type) || parameter.IsArray
            ? input
            : throw JsonataException.Naming(
                "T0411",
                name => $"Context value is not a compatible type with argument {index + 1} of function {JsonataException.Shown(name)}",
                value: Value.ForError(input));
    }

    private static object? AsArray(Parameter parameter, object? argument, int index, Evaluator run)
    {
        if (argument is null)
        {
            return null;
        }

        if (!ArrayView.TryGet(argument, out ArrayView items))
        {
            return parameter.ItemType is '\0' || Value.TypeSymbol(argument) == parameter.ItemType
                ? Single(argument)
                : throw WrongItem(parameter, argument, index);
        }

        if (parameter.ItemType is '\0')
        {
            return argument;
        }

        run.Fuel.Spend(items.Count);
        for (int i = 0; i < items.Count; i++)
        {
            if (Value.TypeSymbol(items[i]) != parameter.ItemType)
            {
                throw WrongItem(parameter, items[i], index);
            }
        }

        return argument;
    }

    private static object Single(object item)
    {
        if (item is JsonValue json)
        {
            return JsonArray.Of(json);
        }

        var array = new Sequence(1) { IsArray = true };
        array.Add(item);
        return array;
    }

    private JsonataException Misfit(object?[] arguments)
    {
        // Each parameter takes what it can, as in the reference; what the next one cannot take then is to blame.
        int index = 0;
        foreach (Parameter parameter in parameters)
        {
            int first = index;
            int most = parameter.Occurrence == Occurrence.OneOrMore ? arguments.Length : index + 1;
            while (index < Math.Min(most, arguments.Length) && parameter.Takes(Value.TypeSymbol(arguments[index])))
            {
                index++;
            }

            if (index == first && parameter.Occurrence is Occurrence.One or Occurrence.OneOrMore)
            {
                break;
            }
        }

        return JsonataException.Naming(
            "T0410",
            name => $"Argument {index + 1} of function {JsonataException.Shown(name)} does not match function signature",
            value: index < arguments.Length ? Value.ForError(arguments[index]) : null);
    }

    private static string? ItemTypes(char symbol) => symbol switch
    {
        'a' => "arrays",
        'b' => "booleans",
        'f' => "functions",
        'n' => "numbers",
        'o' => "objects",
        's' => "strings",
        _ => null,
    };

    private static JsonataException WrongItem(Parameter parameter, object? item, int index) => JsonataException.Naming(
        "T0412",
        name => $"Argument {index + 1} of function {JsonataException.Shown(name)} must be an array of {JsonataException.Shown(ItemTypes(parameter.ItemType))}",
        value: Value.ForError(item));
}
