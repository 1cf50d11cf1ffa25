using System.Buffers;
using System.Globalization;
using Lockstep.Service.Errors;
using Lockstep.Service.Limits;

namespace Lockstep.Service.Naming;

/// <summary>
/// The rules for names, as Step Functions has them (API reference, CreateStateMachine, "name"): no white space, no brackets, no
/// wildcards, no characters with a meaning in ARNs and URLs, no control characters, no surrogates or non-characters.
/// </summary>
public sealed class ResourceNames(ServiceLimits limits)
{
    private static readonly SearchValues<char> ForbiddenMarks = SearchValues.Create("<>{}[]?*\"#%\\^|~`$&,;:/");
    private static readonly SearchValues<char> FunctionCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

    /// <summary>Checks the name of a state machine, execution or activity; null when it is well formed.</summary>
    public ServiceError? Check(string name, string target)
    {
        if (name.Length == 0 || name.Length > limits.MaxNameLength)
        {
            return Refuse(target, string.Create(
                CultureInfo.InvariantCulture, $"A name has 1 to {limits.MaxNameLength} characters; this one has {name.Length}."));
        }

        int at = IndexOfForbidden(name);
        return at < 0 ? null : Refuse(target, string.Create(
            CultureInfo.InvariantCulture,
            $"The name has the character {Show(name[at])} at position {at + 1}. White space, < > {{ }} [ ] ? * \" # % \\ ^ | ~ ` $ & , ; : / and control characters are not allowed."));
    }

    /// <summary>
    /// Checks the name of an alias (API reference, CreateStateMachineAlias, "name"); null when it is well formed. Digits alone would be a version.
    /// </summary>
    public ServiceError? CheckAlias(string name, string target)
    {
        if (name.Length == 0 || name.Length > limits.MaxNameLength)
        {
            return Refuse(target, string.Create(
                CultureInfo.InvariantCulture, $"The name of an alias has 1 to {limits.MaxNameLength} characters; this one has {name.Length}."));
        }

        if (name.AsSpan().ContainsAnyExcept(FunctionCharacters))
        {
            return Refuse(target, "The name of an alias consists of the letters A to Z and a to z, digits, hyphen, underscore and full stop.");
        }

        return name.All(char.IsAsciiDigit) ? Refuse(target, "The name of an alias must not be digits alone, because that is a version.") : null;
    }

    /// <summary>Checks the name of a function; null when it is well formed.</summary>
    public ServiceError? CheckFunction(string name, string target)
    {
        if (name.Length == 0 || name.Length > limits.MaxFunctionNameLength)
        {
            return Refuse(target, string.Create(
                CultureInfo.InvariantCulture, $"A function name has 1 to {limits.MaxFunctionNameLength} characters; this one has {name.Length}."));
        }

        return name.AsSpan().ContainsAnyExcept(FunctionCharacters)
            ? Refuse(target, "A function name consists of the letters A to Z and a to z, digits, hyphen, underscore and full stop.")
            : null;
    }

    /// <summary>Checks the name of a connection (Amazon EventBridge API reference, CreateConnection, "Name"); null when it is well formed.</summary>
    public ServiceError? CheckConnection(string name, string target)
    {
        if (name.Length == 0 || name.Length > limits.MaxConnectionNameLength)
        {
            return Refuse(target, string.Create(
                CultureInfo.InvariantCulture, $"The name of a connection has 1 to {limits.MaxConnectionNameLength} characters; this one has {name.Length}."));
        }

        return name.AsSpan().ContainsAnyExcept(FunctionCharacters)
            ? Refuse(target, "The name of a connection consists of the letters A to Z and a to z, digits, hyphen, underscore and full stop.")
            : null;
    }

    private static int IndexOfForbidden(string name)
    {
        for (int i = 0; i < name.Length; i++)
        {
            char c = name[i];
            if (ForbiddenMarks.Contains(c) || char.IsControl(c) || char.IsWhiteSpace(c) || char.IsSurrogate(c) || c is '\uFFFE' or '\uFFFF')
            {
                return i;
            }
        }

        return -1;
    }

    private static string Show(char c) => c is > ' ' and < '\u007f' ? $"'{c}'" : string.Create(CultureInfo.InvariantCulture, $"U+{(int)c:X4}");

    private static ServiceError Refuse(string target, string message) => new(ErrorCodes.InvalidName, message) { Target = target };
}
