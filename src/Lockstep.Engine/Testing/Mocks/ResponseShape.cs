using System.Collections.Immutable;

namespace Lockstep.Engine.Testing.Mocks;

/// <summary>The type of a value in the response of an API. The derived records are closed.</summary>
internal abstract record ResponseShape;

/// <summary>A value without parts.</summary>
internal sealed record ScalarShape(ScalarKind Kind) : ResponseShape;

/// <summary>An object with named fields. Fields that it does not name may be there: APIs grow.</summary>
internal sealed record StructureShape(ImmutableArray<ResponseField> Fields) : ResponseShape;

/// <summary>An array.</summary>
internal sealed record ListShape(ResponseShape Item) : ResponseShape;

/// <summary>An object with any names.</summary>
internal sealed record MapShape(ResponseShape Value) : ResponseShape;

/// <summary>A shape that contains itself, looked up when it is needed.</summary>
internal sealed record DeferredShape(Func<ResponseShape> Shape) : ResponseShape;

/// <summary>A field of a structure.</summary>
/// <param name="Name">Its name as Step Functions spells it.</param>
/// <param name="Shape">Its type.</param>
/// <param name="IsRequired">Whether the API always answers it.</param>
internal sealed record ResponseField(string Name, ResponseShape Shape, bool IsRequired = false);

/// <summary>The types without parts.</summary>
internal enum ScalarKind
{
    /// <summary>Any JSON: documents and payloads.</summary>
    Anything,

    /// <summary>Text.</summary>
    Text,

    /// <summary>A number.</summary>
    Number,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A time: a number of seconds, or RFC 3339 text.</summary>
    Timestamp,
}
