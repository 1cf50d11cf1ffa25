using System.Collections.Immutable;

namespace Lockstep.Asl.Queries;

/// <summary>A name that an expression reads, and where.</summary>
/// <param name="Name">The name, without a dollar sign.</param>
/// <param name="Position">Offset into the expression, in UTF-16 units, just after the name; -1 when it is not known.</param>
internal readonly record struct QueryReference(string Name, int Position);

/// <summary>What an expression reads from outside itself.</summary>
/// <param name="Variables">Variables that it does not bind, <c>$states</c> left out.</param>
/// <param name="Functions">The same, but with the name of a function, which they hide when a state assigns them.</param>
/// <param name="StatesMembers">Members of <c>$states</c> that it names.</param>
/// <param name="ReadsWholeStates">Whether it reads <c>$states</c> other than by naming a member, so that every member may be read.</param>
/// <param name="Document">What would be read from an input document, which no expression of a state has: <c>$</c>, <c>$$</c> or a bare name.</param>
internal sealed record QueryReferences(
    ImmutableArray<QueryReference> Variables,
    ImmutableArray<QueryReference> Functions,
    ImmutableArray<QueryReference> StatesMembers,
    bool ReadsWholeStates,
    ImmutableArray<QueryReference> Document)
{
    /// <summary>Whether it may read a member of <c>$states</c>.</summary>
    public bool MayRead(string member)
    {
        if (ReadsWholeStates)
        {
            return true;
        }

        foreach (QueryReference named in StatesMembers)
        {
            if (named.Name == member)
            {
                return true;
            }
        }

        return false;
    }
}
