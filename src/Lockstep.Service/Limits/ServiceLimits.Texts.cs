using System.Collections.Immutable;

namespace Lockstep.Service.Limits;

/// <content>How long names and texts may be.</content>
public sealed partial record ServiceLimits
{
    private static ImmutableArray<LimitDefinition> TextLimits =>
    [
        new("MaxNameLength", "characters", 80, 1, 80,
            "Characters in the name of a state machine, execution or activity.", limits => limits.MaxNameLength, (limits, value) => limits with { MaxNameLength = value }),
        new("MaxFunctionNameLength", "characters", 140, 1, 140,
            "Characters in the name of a function.", limits => limits.MaxFunctionNameLength, (limits, value) => limits with { MaxFunctionNameLength = value }),
        new("MaxTags", "tags", 50, 0, 50,
            "Tags of a state machine.", limits => limits.MaxTags, (limits, value) => limits with { MaxTags = value }),
        new("MaxTagKeyLength", "characters", 128, 1, 128,
            "Characters in the key of a tag.", limits => limits.MaxTagKeyLength, (limits, value) => limits with { MaxTagKeyLength = value }),
        new("MaxTagValueLength", "characters", 256, 0, 256,
            "Characters in the value of a tag.", limits => limits.MaxTagValueLength, (limits, value) => limits with { MaxTagValueLength = value }),
        new("MaxRoleArnLength", "characters", 256, 1, 2_048,
            "Characters in a role ARN.", limits => limits.MaxRoleArnLength, (limits, value) => limits with { MaxRoleArnLength = value }),
        new("MaxVersionDescriptionLength", "characters", 256, 0, 4_096,
            "Characters in the description of a version or alias.", limits => limits.MaxVersionDescriptionLength, (limits, value) => limits with { MaxVersionDescriptionLength = value }),
        new("MaxErrorLength", "characters", 256, 1, 256,
            "Characters in an error name that a caller reports.", limits => limits.MaxErrorLength, (limits, value) => limits with { MaxErrorLength = value }),
        new("MaxCauseLength", "characters", 32_768, 1, 32_768,
            "Characters in a cause that a caller reports.", limits => limits.MaxCauseLength, (limits, value) => limits with { MaxCauseLength = value }),
        new("MaxCommentLength", "characters", 2_000, 1, 10_000,
            "Characters in the comment of a human's decision.", limits => limits.MaxCommentLength, (limits, value) => limits with { MaxCommentLength = value }),
        new("MaxFormBytes", "bytes", 65_536, 16_384, 1_048_576,
            "Bytes of the form that a human's decision comes in.", limits => limits.MaxFormBytes, (limits, value) => limits with { MaxFormBytes = value }),
        new("MaxUrlLength", "characters", 2_048, 16, 8_192,
            "Characters in the URL of a function.", limits => limits.MaxUrlLength, (limits, value) => limits with { MaxUrlLength = value }),
        new("MaxTaskTokenLength", "characters", 2_048, 1_024, 8_192,
            "Characters in a task token.", limits => limits.MaxTaskTokenLength, (limits, value) => limits with { MaxTaskTokenLength = value }),
        new("MaxPageTokenLength", "characters", 4_096, 256, 8_192,
            "Characters in a page token.", limits => limits.MaxPageTokenLength, (limits, value) => limits with { MaxPageTokenLength = value }),
    ];

    /// <summary>Characters in the name of a state machine, execution or activity. Default 80.</summary>
    public int MaxNameLength { get; init; } = 80;

    /// <summary>Characters in the name of a function. Default 140.</summary>
    public int MaxFunctionNameLength { get; init; } = 140;

    /// <summary>Tags of a state machine. Default 50.</summary>
    public int MaxTags { get; init; } = 50;

    /// <summary>Characters in the key of a tag. Default 128.</summary>
    public int MaxTagKeyLength { get; init; } = 128;

    /// <summary>Characters in the value of a tag. Default 256.</summary>
    public int MaxTagValueLength { get; init; } = 256;

    /// <summary>Characters in a role ARN. Default 256.</summary>
    public int MaxRoleArnLength { get; init; } = 256;

    /// <summary>Characters in the description of a version or alias. Default 256.</summary>
    public int MaxVersionDescriptionLength { get; init; } = 256;

    /// <summary>Characters in an error name that a caller reports. Default 256.</summary>
    public int MaxErrorLength { get; init; } = 256;

    /// <summary>Characters in a cause that a caller reports. Default 32,768.</summary>
    public int MaxCauseLength { get; init; } = 32_768;

    /// <summary>Characters in the comment of a human's decision. Default 2,000.</summary>
    public int MaxCommentLength { get; init; } = 2_000;

    /// <summary>Bytes of the form that a human's decision comes in. Default 65,536.</summary>
    public int MaxFormBytes { get; init; } = 65_536;

    /// <summary>Characters in the URL of a function. Default 2,048.</summary>
    public int MaxUrlLength { get; init; } = 2_048;

    /// <summary>Characters in a task token. Default 2,048.</summary>
    public int MaxTaskTokenLength { get; init; } = 2_048;

    /// <summary>Characters in a page token. Default 4,096.</summary>
    public int MaxPageTokenLength { get; init; } = 4_096;
}
