using System.Collections.Immutable;
using Lockstep.Asl.Diagnostics;
using Lockstep.Asl.Expressions;
using Lockstep.Json;

namespace Lockstep.Asl.Parsing;

/// <summary>
/// What all readers of one definition share. Readers report and go on: a reader that finds a problem yields something harmless, and the definition
/// is thrown away in the end.
/// </summary>
internal sealed class ReadContext
{
    private readonly List<string> _variablesOfState = [];
    private readonly List<(GroupScope Scope, string Variable, string Pointer, QueryLanguage Language)> _variableReads = [];
    private readonly List<(GroupScope Scope, string Variable, string Pointer)> _variableAssigns = [];

    private HashSet<string>? _assignedNames;

    public ReadContext(AslOptions options)
    {
        Options = options;
        Type = options.Type;
        Problems = new DiagnosticBag(options.Limits.MaxDiagnostics);
        Expressions = new ExpressionParser(options.Limits.MaxIntrinsicNesting, NoteVariableRead);
        Queries = new QueryParser(Problems, NoteVariableRead, IsAssignedAnywhere);
    }

    public AslOptions Options { get; }

    public DiagnosticBag Problems { get; }

    public ExpressionParser Expressions { get; }

    public QueryParser Queries { get; }

    /// <summary>The type of the executions that the states being read will be part of.</summary>
    public WorkflowType Type { get; set; }

    /// <summary>The query language of the machine.</summary>
    public QueryLanguage MachineLanguage { get; set; }

    /// <summary>The query language of the state being read.</summary>
    public QueryLanguage Language { get; set; }

    /// <summary>The innermost group being read.</summary>
    public GroupScope? Scope { get; set; }

    /// <summary>Names of all states so far.</summary>
    public HashSet<string> StateNames { get; } = new(StringComparer.Ordinal);

    /// <summary>Labels of distributed Map states read so far.</summary>
    public HashSet<string> Labels { get; } = new(StringComparer.Ordinal);

    public int StateCount { get; set; }

    /// <summary>The outermost object; says which variables are assigned before all of it is read.</summary>
    public JsonObject Root { get; set; } = JsonObject.Empty;

    /// <summary>Begins to collect the variables of a state; returns those of the state around it, to be given back at the end.</summary>
    public ImmutableArray<string> BeginVariables()
    {
        if (_variablesOfState.Count == 0)
        {
            return [];
        }

        ImmutableArray<string> outer = [.. _variablesOfState];
        _variablesOfState.Clear();
        return outer;
    }

    /// <summary>The variables read since <see cref="BeginVariables"/>, each once and in order.</summary>
    public ImmutableArray<string> EndVariables(ImmutableArray<string> outer)
    {
        ImmutableArray<string> inner = [];
        if (_variablesOfState.Count > 0)
        {
            inner = [.. _variablesOfState.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
            _variablesOfState.Clear();
        }

        _variablesOfState.AddRange(outer);
        return inner;
    }

    public void NoteVariableAssigned(string name)
    {
        if (Scope is not null)
        {
            Scope.AddAssigned(name);
            _variableAssigns.Add((Scope, name, Problems.Pointer()));
        }
    }

    /// <summary>
    /// Checks all uses of variables once every scope is known. Whether an assignment comes before a use on every way through the machine is not
    /// decidable here; a use that no assignment can ever reach is refused, or warned of in JSONata.
    /// </summary>
    public void CheckVariables()
    {
        foreach ((GroupScope scope, string name, string pointer, QueryLanguage language) in _variableReads)
        {
            if (FindAssigning(scope, name) is null && !Options.GivenVariables.Contains(name))
            {
                // Step Functions takes a JSONata expression with such a variable: it reads nothing, which the expression may have in mind.
                Problems.Add(new Diagnostic(
                    DiagnosticCodes.VariableNotAssigned,
                    language == QueryLanguage.Jsonata ? DiagnosticSeverity.Warning : DiagnosticSeverity.Error,
                    $"The variable '${name}' is not assigned by any state of this scope or of a scope around it",
                    pointer));
            }
        }

        foreach ((GroupScope scope, string name, string pointer) in _variableAssigns)
        {
            if (FindAssigning(scope.Parent, name) is not null)
            {
                Problems.Add(new Diagnostic(
                    DiagnosticCodes.VariableShadowed,
                    DiagnosticSeverity.Error,
                    $"The variable '{name}' is assigned in a scope around this one; inner scopes cannot assign it again",
                    pointer));
            }
        }
    }

    private bool IsAssignedAnywhere(string name)
    {
        if (_assignedNames is null)
        {
            _assignedNames = new HashSet<string>(StringComparer.Ordinal);
            CollectAssigned(Root, _assignedNames);
        }

        return _assignedNames.Contains(name);
    }

    private static void CollectAssigned(JsonValue value, HashSet<string> names)
    {
        foreach (JsonValue item in value as JsonArray ?? JsonArray.Empty)
        {
            CollectAssigned(item, names);
        }

        foreach (JsonProperty property in value as JsonObject ?? JsonObject.Empty)
        {
            if (property is { Name: "Assign", Value: JsonObject assign })
            {
                names.UnionWith(assign.Select(variable => TemplateReader.NameWithoutMark(variable.Name)));
            }

            CollectAssigned(property.Value, names);
        }
    }

    private static GroupScope? FindAssigning(GroupScope? scope, string name)
    {
        while (scope is not null && !scope.Assigns(name))
        {
            scope = scope.Parent;
        }

        return scope;
    }

    private void NoteVariableRead(string name)
    {
        _variablesOfState.Add(name);
        if (Scope is not null)
        {
            _variableReads.Add((Scope, name, Problems.Pointer(), Language));
        }
    }
}
