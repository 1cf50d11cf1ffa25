using System.Collections.Immutable;
using Lockstep.Jsonata.Syntax;

namespace Lockstep.Jsonata.Analysis;

/// <summary>Something that an expression reads from the input document.</summary>
/// <param name="Text">What it reads, as written: a name, <c>*</c>, <c>**</c>, <c>$</c> or <c>$$</c>.</param>
/// <param name="Position">Offset into the expression, in UTF-16 units, just after it.</param>
public sealed record JsonataDocumentRead(string Text, int Position);

/// <summary>
/// Finds what an expression reads from the input document, for hosts that give none: names, wildcards and <c>$</c> where neither a path, nor a
/// predicate, nor a function has given another context, and <c>$$</c> anywhere.
/// </summary>
public sealed class DocumentReads
{
    private readonly ImmutableArray<JsonataDocumentRead>.Builder _found = ImmutableArray.CreateBuilder<JsonataDocumentRead>();

    private DocumentReads()
    {
    }

    /// <summary>What an expression reads from the input document, in the order of the text.</summary>
    /// <param name="text">The expression.</param>
    /// <param name="limits">How deep it may be nested; the defaults when null.</param>
    /// <exception cref="JsonataException">The text is not an expression.</exception>
    public static ImmutableArray<JsonataDocumentRead> Find(string text, JsonataLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        var reads = new DocumentReads();
        reads.Visit(Parser.Parse(text, (limits ?? JsonataLimits.Default).MaxNesting).Root, atTop: true);
        reads._found.Sort((one, other) => one.Position.CompareTo(other.Position));
        return reads._found.ToImmutable();
    }

    private void Visit(SyntaxNode node, bool atTop)
    {
        VisitItself(node, atTop);

        // What hangs on a node has an item of its value as context.
        VisitAll(node.Predicates, atTop: false);
        VisitAll(node.Stages.Select(stage => stage.Predicate).OfType<SyntaxNode>(), atTop: false);
        if (node.Group is not null)
        {
            VisitPairs(node.Group, atTop: false);
        }
    }

    private void VisitItself(SyntaxNode node, bool atTop)
    {
        switch (node)
        {
            case LiteralSyntax or RegexSyntax or PlaceholderSyntax or ParentSyntax:
                break;
            case NameSyntax name:
                Note(name.Name, node, atTop);
                break;
            case WildcardSyntax:
                Note("*", node, atTop);
                break;
            case DescendantSyntax:
                Note("**", node, atTop);
                break;
            case VariableSyntax variable:
                Note("$" + variable.Name, node, variable.Name == "$" || (variable.Name.Length == 0 && atTop));
                break;
            case NegationSyntax negation:
                Visit(negation.Operand, atTop);
                break;
            case ArraySyntax array:
                VisitAll(array.Items, atTop);
                break;
            case ObjectSyntax json:
                VisitPairs(json, atTop);
                break;
            case BinarySyntax binary:
                VisitAll([binary.Left, binary.Right], atTop);
                break;
            case AssignmentSyntax assignment:
                Visit(assignment.Value, atTop);
                break;
            case ConditionalSyntax conditional:
                VisitAll([conditional.Condition, conditional.Then], atTop);
                VisitAll(conditional.Otherwise is null ? [] : [conditional.Otherwise], atTop);
                break;
            case CallSyntax call:
                Visit(call.Procedure, atTop);
                VisitAll(call.Arguments, atTop);
                break;
            case LambdaSyntax lambda:
                Visit(lambda.Body, atTop: false);
                break;
            case BlockSyntax block:
                VisitAll(block.Expressions, atTop);
                break;
            case TransformSyntax transform:
                VisitAll([transform.Pattern, transform.Update], atTop: false);
                VisitAll(transform.Delete is null ? [] : [transform.Delete], atTop: false);
                break;
            case SortSyntax sort:
                VisitAll(sort.Terms.Select(term => term.Key), atTop: false);
                break;
            case PathSyntax path:
                Visit(path.Steps[0], atTop);
                VisitAll(path.Steps.Skip(1), atTop: false);
                break;
            default:
                throw new InvalidOperationException($"No way to look into a {node.GetType().Name}.");
        }
    }

    private void VisitAll(IEnumerable<SyntaxNode> nodes, bool atTop)
    {
        foreach (SyntaxNode node in nodes)
        {
            Visit(node, atTop);
        }
    }

    private void VisitPairs(ObjectSyntax json, bool atTop) => VisitAll(json.Pairs.SelectMany(pair => new[] { pair.Key, pair.Value }), atTop);

    private void Note(string text, SyntaxNode node, bool isRead)
    {
        if (isRead)
        {
            _found.Add(new JsonataDocumentRead(text, node.Position));
        }
    }
}
