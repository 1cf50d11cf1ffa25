namespace Lockstep.Jsonata.RegularExpressions;

/// <summary>What an instruction of a <see cref="RegexProgram"/> does.</summary>
internal enum RegexOperation
{
    /// <summary>Reads a character of the set.</summary>
    Character,

    /// <summary>Goes on at X, or at Y when that leads nowhere.</summary>
    Split,

    /// <summary>Goes on at X.</summary>
    Jump,

    /// <summary>Notes the place in slot X.</summary>
    Save,

    /// <summary>Forgets the slots X to Y.</summary>
    Forget,

    /// <summary>Holds at the start of the text.</summary>
    TextStart,

    /// <summary>Holds at the end of the text.</summary>
    TextEnd,

    /// <summary>Holds at the start of a line.</summary>
    LineStart,

    /// <summary>Holds at the end of a line.</summary>
    LineEnd,

    /// <summary>Holds between a word character and another.</summary>
    WordBoundary,

    /// <summary>Holds where <see cref="WordBoundary"/> does not.</summary>
    NoWordBoundary,

    /// <summary>The pattern has matched.</summary>
    Match,
}

/// <summary>One instruction.</summary>
internal readonly record struct RegexInstruction(RegexOperation Operation, int X = 0, int Y = 0, CharacterSet? Set = null);

/// <summary>A pattern as instructions for <see cref="RegexRun"/>, built once and shared.</summary>
internal sealed class RegexProgram
{
    /// <summary>Most instructions; repetitions with counts are written out.</summary>
    public const int MaxInstructions = 4000;

    private readonly List<RegexInstruction> _instructions = [];

    private RegexProgram(int groups) => Groups = groups;

    /// <summary>Captures of the pattern.</summary>
    public int Groups { get; }

    /// <summary>Two for each capture: where it starts and ends.</summary>
    public int Slots => 2 * Groups;

    /// <summary>The instructions; the first is where it starts.</summary>
    public RegexInstruction[] Instructions { get; private set; } = [];

    /// <summary>The characters that a match can start with; null when it may be empty or is not known.</summary>
    public CharacterSet? First { get; private set; }

    /// <summary>Whether a match can only start where the text does.</summary>
    public bool OnlyAtStart => Instructions[0].Operation == RegexOperation.TextStart;

    /// <summary>Writes a tree out.</summary>
    /// <exception cref="JsonataException">U1010: more than <see cref="MaxInstructions"/>.</exception>
    public static RegexProgram Build(RegexNode tree, int groups)
    {
        var program = new RegexProgram(groups);
        program.Emit(tree);
        program.Add(new RegexInstruction(RegexOperation.Match));
        program.Instructions = [.. program._instructions];
        program.First = FirstOf(tree) is { } ranges ? CharacterSet.Of(ranges) : null;
        return program;
    }

    private int Add(RegexInstruction instruction)
    {
        if (_instructions.Count == MaxInstructions)
        {
            throw new JsonataException(
                JsonataErrorCodes.RegexRefused,
                $"The regular expression comes to more than {MaxInstructions} steps with its repetitions written out.");
        }

        _instructions.Add(instruction);
        return _instructions.Count - 1;
    }

    private void Emit(RegexNode node)
    {
        switch (node)
        {
            case CharacterNode character:
                Add(new RegexInstruction(RegexOperation.Character, Set: character.Set));
                break;
            case AssertionNode assertion:
                Add(new RegexInstruction(assertion.Kind));
                break;
            case SequenceNode sequence:
                foreach (RegexNode item in sequence.Items)
                {
                    Emit(item);
                }

                break;
            case AlternativesNode alternatives:
                EmitAlternatives(alternatives);
                break;
            case CaptureNode capture:
                Add(new RegexInstruction(RegexOperation.Save, 2 * capture.Number - 2));
                Emit(capture.Inner);
                Add(new RegexInstruction(RegexOperation.Save, 2 * capture.Number - 1));
                break;
            case RepeatNode repeat:
                EmitRepeat(repeat);
                break;
            default:
                throw new InvalidOperationException($"Unknown node {node.GetType().Name}.");
        }
    }

    private void EmitAlternatives(AlternativesNode alternatives)
    {
        var jumps = new List<int>();
        for (int i = 0; i < alternatives.Items.Count - 1; i++)
        {
            int split = Add(new RegexInstruction(RegexOperation.Split));
            Emit(alternatives.Items[i]);
            jumps.Add(Add(new RegexInstruction(RegexOperation.Jump)));
            _instructions[split] = new RegexInstruction(RegexOperation.Split, split + 1, _instructions.Count);
        }

        Emit(alternatives.Items[^1]);
        foreach (int jump in jumps)
        {
            _instructions[jump] = new RegexInstruction(RegexOperation.Jump, _instructions.Count);
        }
    }

    private void EmitRepeat(RepeatNode repeat)
    {
        // A round that reads nothing ends a loop, but not the rounds that have to be: so these may only share code where that cannot happen.
        bool shared = repeat is { Min: > 0, Max: RepeatNode.Unbounded } && !repeat.Inner.CanBeEmpty;
        int written = shared ? repeat.Min - 1 : repeat.Min;
        for (int i = 0; i < written; i++)
        {
            int before = _instructions.Count;
            EmitRound(repeat);
            if (_instructions.Count == before)
            {
                break;
            }
        }

        if (shared)
        {
            int start = _instructions.Count;
            EmitRound(repeat);
            int split = Add(default);
            _instructions[split] = Split(repeat, start, split + 1);
        }
        else if (repeat.Max == RepeatNode.Unbounded)
        {
            int split = Add(default);
            EmitRound(repeat);
            Add(new RegexInstruction(RegexOperation.Jump, split));
            _instructions[split] = Split(repeat, split + 1, _instructions.Count);
        }
        else
        {
            EmitOptional(repeat, repeat.Max - repeat.Min);
        }
    }

    private void EmitOptional(RepeatNode repeat, int count)
    {
        var splits = new List<int>();
        for (int i = 0; i < count; i++)
        {
            splits.Add(Add(default));
            EmitRound(repeat);
        }

        foreach (int split in splits)
        {
            _instructions[split] = Split(repeat, split + 1, _instructions.Count);
        }
    }

    private void EmitRound(RepeatNode repeat)
    {
        if (repeat.FirstCapture <= repeat.LastCapture && repeat.Max > 1)
        {
            Add(new RegexInstruction(RegexOperation.Forget, 2 * repeat.FirstCapture - 2, 2 * repeat.LastCapture - 1));
        }

        Emit(repeat.Inner);
    }

    private static RegexInstruction Split(RepeatNode repeat, int again, int done) =>
        repeat.Greedy ? new(RegexOperation.Split, again, done) : new(RegexOperation.Split, done, again);

    private static IEnumerable<(char, char)>? FirstOf(RegexNode node) => node switch
    {
        CharacterNode character => character.Set.Ranges,
        CaptureNode capture => FirstOf(capture.Inner),
        RepeatNode { Min: > 0 } repeat => FirstOf(repeat.Inner),
        AlternativesNode alternatives => Union(alternatives.Items),
        SequenceNode sequence => FirstOf(sequence),
        _ => null,
    };

    private static IEnumerable<(char, char)>? FirstOf(SequenceNode sequence)
    {
        int end = 0;
        while (end < sequence.Items.Count && sequence.Items[end].CanBeEmpty)
        {
            end++;
        }

        return end == sequence.Items.Count ? null
            : end == 0 ? FirstOf(sequence.Items[0])
            : Union([.. sequence.Items.Take(end).Select(Possible), sequence.Items[end]]);
    }

    // What an item that may be empty starts with when it is not.
    private static RegexNode Possible(RegexNode node) => node switch
    {
        RepeatNode repeat when !repeat.Inner.CanBeEmpty => repeat.Inner,
        AssertionNode => new CharacterNode(CharacterSet.Of()),
        _ => node,
    };

    private static List<(char, char)>? Union(IReadOnlyList<RegexNode> items)
    {
        var ranges = new List<(char, char)>();
        foreach (RegexNode item in items)
        {
            if (item.CanBeEmpty || FirstOf(item) is not { } first)
            {
                return null;
            }

            ranges.AddRange(first);
        }

        return ranges;
    }
}
