namespace Lockstep.Asl;

/// <summary>The language of expressions in a machine or a state (States Language, "QueryLanguage").</summary>
public enum QueryLanguage
{
    /// <summary>Paths, payload templates and intrinsic functions; the default.</summary>
    JsonPath,

    /// <summary>JSONata expressions between <c>{%</c> and <c>%}</c>.</summary>
    Jsonata,
}
