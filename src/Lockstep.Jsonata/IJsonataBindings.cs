using Lockstep.Json;

namespace Lockstep.Jsonata;

/// <summary>The variables that the host gives to an expression. One that is bound hides a function of the same name.</summary>
public interface IJsonataBindings
{
    /// <summary>
    /// The value of a variable, or null when it is not bound. Asked once for each free variable of the expression, before it is evaluated.
    /// </summary>
    /// <param name="name">The name without the dollar sign.</param>
    JsonValue? Find(string name);
}
