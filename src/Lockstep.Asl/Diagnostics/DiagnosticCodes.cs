namespace Lockstep.Asl.Diagnostics;

/// <summary>
/// The codes of diagnostics. They never change their meaning; <c>docs/diagnostics.md</c> has an entry with the remedy for each.
/// </summary>
public static class DiagnosticCodes
{
    /// <summary>The text is not JSON.</summary>
    public const string InvalidJson = "INVALID_JSON";

    /// <summary>The text is JSON, but not an object.</summary>
    public const string NotAnObject = "NOT_AN_OBJECT";

    /// <summary>The text is longer than <see cref="AslLimits.MaxDefinitionBytes"/>.</summary>
    public const string DefinitionTooLarge = "DEFINITION_TOO_LARGE";

    /// <summary>There are more states than <see cref="AslLimits.MaxStates"/>.</summary>
    public const string TooManyStates = "TOO_MANY_STATES";

    /// <summary>There were more diagnostics than <see cref="AslLimits.MaxDiagnostics"/>; the rest is left out.</summary>
    public const string TooManyDiagnostics = "TOO_MANY_DIAGNOSTICS";

    /// <summary>A required field is absent.</summary>
    public const string MissingField = "MISSING_FIELD";

    /// <summary>The States Language has no such field here.</summary>
    public const string UnknownField = "UNKNOWN_FIELD";

    /// <summary>The field belongs to the other query language.</summary>
    public const string FieldNotInQueryLanguage = "FIELD_NOT_IN_QUERY_LANGUAGE";

    /// <summary>Fields that exclude each other are both there.</summary>
    public const string ConflictingFields = "CONFLICTING_FIELDS";

    /// <summary>The value is of the wrong JSON type.</summary>
    public const string WrongType = "WRONG_TYPE";

    /// <summary>The value is of the right type, but not one that is allowed.</summary>
    public const string InvalidValue = "INVALID_VALUE";

    /// <summary>The number is outside its range.</summary>
    public const string OutOfRange = "OUT_OF_RANGE";

    /// <summary>The state's name is empty or longer than <see cref="AslLimits.MaxStateNameLength"/>.</summary>
    public const string InvalidStateName = "INVALID_STATE_NAME";

    /// <summary>Two states of the machine have the same name.</summary>
    public const string DuplicateStateName = "DUPLICATE_STATE_NAME";

    /// <summary>The <c>Label</c> of a Map state is empty, too long or has a character that labels must not have.</summary>
    public const string InvalidLabelName = "INVALID_LABEL_NAME";

    /// <summary>Two Map states of the machine have the same <c>Label</c>.</summary>
    public const string DuplicateLabelName = "DUPLICATE_LABEL_NAME";

    /// <summary><c>StartAt</c>, <c>Next</c> or <c>Default</c> names no state of its scope.</summary>
    public const string MissingTransitionTarget = "MISSING_TRANSITION_TARGET";

    /// <summary>No transition leads to the state.</summary>
    public const string UnreachableState = "UNREACHABLE_STATE";

    /// <summary>The text is not a JSONPath of the supported dialect.</summary>
    public const string InvalidPath = "INVALID_PATH";

    /// <summary>The text is not a Reference Path: only names and non-negative indices are allowed.</summary>
    public const string InvalidReferencePath = "INVALID_REFERENCE_PATH";

    /// <summary>A field whose name ends in <c>.$</c> holds neither a path nor an intrinsic function call.</summary>
    public const string InvalidExpression = "INVALID_EXPRESSION";

    /// <summary>Intrinsic function calls are nested deeper than <see cref="AslLimits.MaxIntrinsicNesting"/>.</summary>
    public const string IntrinsicTooDeep = "INTRINSIC_TOO_DEEP";

    /// <summary><c>States.ALL</c> is not alone in its list, or not in the last element.</summary>
    public const string StatesAllMisplaced = "STATES_ALL_MISPLACED";

    /// <summary>The name of a variable breaks the rules for names.</summary>
    public const string InvalidVariableName = "INVALID_VARIABLE_NAME";

    /// <summary>A variable is read that no state of its scope, or of a scope around it, assigns.</summary>
    public const string VariableNotAssigned = "VARIABLE_NOT_ASSIGNED";

    /// <summary>A variable is assigned in a scope although one around it assigns the same name.</summary>
    public const string VariableShadowed = "VARIABLE_SHADOWED";

    /// <summary><c>Resource</c> is not an ARN that a Task can have.</summary>
    public const string InvalidResource = "INVALID_RESOURCE";

    /// <summary>No target is known for the resource.</summary>
    public const string ResourceNotSupported = "RESOURCE_NOT_SUPPORTED";

    /// <summary>The target is known, but not with this integration pattern.</summary>
    public const string PatternNotSupported = "PATTERN_NOT_SUPPORTED";

    /// <summary>The target requires a parameter that is absent.</summary>
    public const string MissingParameter = "MISSING_PARAMETER";

    /// <summary>The target takes no such parameter, or none of that type.</summary>
    public const string UnsupportedParameter = "UNSUPPORTED_PARAMETER";

    /// <summary>An Express machine uses what only Standard machines have.</summary>
    public const string NotInExpress = "NOT_IN_EXPRESS";

    /// <summary>The text between <c>{%</c> and <c>%}</c> is not a JSONata expression.</summary>
    public const string InvalidJsonataExpression = "INVALID_JSONATA_EXPRESSION";

    /// <summary>The JSONata expression reads what is not there in this place: the input document, or a member of <c>$states</c>.</summary>
    public const string UnsupportedJsonataExpression = "UNSUPPORTED_JSONATA_EXPRESSION";

    /// <summary>The Map state runs in distributed mode, which this version does not execute.</summary>
    public const string DistributedMapNotSupported = "DISTRIBUTED_MAP_NOT_SUPPORTED";

    /// <summary>A path or a call stands in a payload template under a name without <c>.$</c>.</summary>
    public const string NoDollar = "NO_DOLLAR";

    /// <summary>A path stands in a field that takes text, where a field of the same name with <c>Path</c> reads paths.</summary>
    public const string NoPath = "NO_PATH";

    /// <summary>A path or a call stands in <c>Result</c> of a Pass state.</summary>
    public const string PassResultIsStatic = "PASS_RESULT_IS_STATIC";

    /// <summary>A string looks like an expression that its state does not evaluate.</summary>
    public const string ExpressionIsText = "EXPRESSION_IS_TEXT";

    /// <summary>From a state that can be reached no transitions lead to an end.</summary>
    public const string MissingEndState = "MISSING_END_STATE";

    /// <summary>A task waits for somebody outside without a timeout.</summary>
    public const string MissingTimeout = "MISSING_TIMEOUT";

    /// <summary>An earlier element of <c>Retry</c> or <c>Catch</c> takes the error.</summary>
    public const string HandlerShadowed = "HANDLER_SHADOWED";

    /// <summary>No error of the state has the name in <c>ErrorEquals</c>.</summary>
    public const string ErrorNeverOccurs = "ERROR_NEVER_OCCURS";

    /// <summary>The delays of a retrier grow beyond a day without <c>MaxDelaySeconds</c>.</summary>
    public const string RetryDelayUnbounded = "RETRY_DELAY_UNBOUNDED";

    /// <summary>A variable is assigned and never read.</summary>
    public const string UnusedVariable = "UNUSED_VARIABLE";

    /// <summary>A Choice state fails when no rule matches.</summary>
    public const string ChoiceWithoutDefault = "CHOICE_WITHOUT_DEFAULT";

    /// <summary>A Choice rule has the condition of an earlier one.</summary>
    public const string ChoiceRuleShadowed = "CHOICE_RULE_SHADOWED";

    /// <summary>A field shapes a result that <c>"ResultPath": null</c> drops.</summary>
    public const string ResultDiscarded = "RESULT_DISCARDED";

    /// <summary>The family that Step Functions would report: it knows only a few.</summary>
    internal static string ServiceCodeOf(string code) => code switch
    {
        InvalidJson => "INVALID_JSON_DESCRIPTION",
        InvalidStateName or DuplicateStateName or InvalidLabelName or DuplicateLabelName => code,
        MissingTransitionTarget or UnreachableState => "MISSING_TRANSITION_TARGET",
        InvalidJsonataExpression or UnsupportedJsonataExpression => code,
        NoDollar or NoPath or PassResultIsStatic or MissingEndState => code,
        ExpressionIsText or MissingTimeout or HandlerShadowed or ErrorNeverOccurs or RetryDelayUnbounded or UnusedVariable or ChoiceWithoutDefault
            or ChoiceRuleShadowed or ResultDiscarded => code,
        _ => "SCHEMA_VALIDATION_FAILED",
    };
}
