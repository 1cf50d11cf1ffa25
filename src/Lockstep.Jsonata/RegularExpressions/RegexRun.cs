namespace Lockstep.Jsonata.RegularExpressions;

/// <summary>
/// Runs a <see cref="RegexProgram"/> over a text: every way to match advances by one character at a time, in the order in which ECMAScript
/// would try them, and ways that have come to the same instruction are one. So the work is at most characters times instructions, whatever
/// the pattern; each step of it costs fuel.
/// </summary>
internal sealed class RegexRun
{
    private const int StepsPerCharge = 4096;

    private readonly RegexProgram _program;
    private readonly string _text;
    private readonly Fuel _fuel;
    private readonly Stack<(int Instruction, int Slot, int Value)> _pending = new();
    private readonly int[] _slots;
    private Ways _now;
    private Ways _next;
    private int _steps;

    /// <summary>A run over a text.</summary>
    public RegexRun(RegexProgram program, string text, Fuel fuel)
    {
        _program = program;
        _text = text;
        _fuel = fuel;
        _slots = new int[program.Slots];
        _now = new Ways(program);
        _next = new Ways(program);
    }

    /// <summary>The first match that starts at this place or later.</summary>
    /// <exception cref="JsonataException">U1002: the fuel is spent.</exception>
    public RegexMatch? Find(int start)
    {
        RegexMatch? found = null;
        for (int at = start; at <= _text.Length; at++)
        {
            if (_now.Count == 0)
            {
                at = found is null ? NextStart(at) : -1;
                if (at < 0)
                {
                    break;
                }

                _now.Clear();
            }

            if (found is null)
            {
                Array.Fill(_slots, -1);
                Follow(_now, 0, at, at);
            }

            found = Advance(at) ?? found;
            (_now, _next) = (_next, _now);
            _next.Clear();
            Charge(1 + _now.Count);
        }

        _now.Clear();
        _fuel.SpendCharacters(_steps);
        _steps = 0;
        return found;
    }

    private int NextStart(int at)
    {
        if (_program.OnlyAtStart)
        {
            return at == 0 ? 0 : -1;
        }

        if (_program.First is { } first)
        {
            int start = at;
            while (at < _text.Length && !first.Contains(_text[at]))
            {
                at++;
            }

            Charge((at - start) / Fuel.CharactersPerUnit);
            return at < _text.Length ? at : -1;
        }

        return at;
    }

    private RegexMatch? Advance(int at)
    {
        for (int i = 0; i < _now.Count; i++)
        {
            int address = _now[i];
            ref readonly RegexInstruction instruction = ref _program.Instructions[address];
            if (instruction.Operation == RegexOperation.Match)
            {
                // Ways behind this one would only be tried if it failed.
                return new RegexMatch(_text, _now.Start(i), at, _now.Slots(i).ToArray());
            }

            if (at < _text.Length && instruction.Set is { } set && set.Contains(_text[at]))
            {
                _now.Slots(i).CopyTo(_slots);
                Follow(_next, address + 1, at + 1, _now.Start(i));
            }
        }

        return null;
    }

    private void Follow(Ways ways, int address, int at, int start)
    {
        _pending.Push((address, -1, 0));
        while (_pending.TryPop(out (int Instruction, int Slot, int Value) top))
        {
            if (top.Slot >= 0)
            {
                _slots[top.Slot] = top.Value;
                continue;
            }

            int next = top.Instruction;
            while (next >= 0 && ways.Visit(next))
            {
                Charge(1);
                next = Step(ways, next, at, start);
            }
        }
    }

    // Goes over an instruction that reads nothing; -1 where the way ends or waits for a character.
    private int Step(Ways ways, int address, int at, int start)
    {
        ref readonly RegexInstruction instruction = ref _program.Instructions[address];
        switch (instruction.Operation)
        {
            case RegexOperation.Character or RegexOperation.Match:
                ways.Add(address, start, _slots);
                return -1;
            case RegexOperation.Jump:
                return instruction.X;
            case RegexOperation.Split:
                _pending.Push((instruction.Y, -1, 0));
                return instruction.X;
            case RegexOperation.Save:
                Set(instruction.X, at);
                return address + 1;
            case RegexOperation.Forget:
                for (int slot = instruction.X; slot <= instruction.Y; slot++)
                {
                    Set(slot, -1);
                }

                return address + 1;
            default:
                return Holds(instruction.Operation, at) ? address + 1 : -1;
        }
    }

    // What waits on the stack below was to go on with the slots as they were.
    private void Set(int slot, int value)
    {
        if (_slots[slot] != value)
        {
            _pending.Push((0, slot, _slots[slot]));
            _slots[slot] = value;
        }
    }

    private bool Holds(RegexOperation assertion, int at) => assertion switch
    {
        RegexOperation.TextStart => at == 0,
        RegexOperation.TextEnd => at == _text.Length,
        RegexOperation.LineStart => at == 0 || CharacterSet.LineTerminators.Contains(_text[at - 1]),
        RegexOperation.LineEnd => at == _text.Length || CharacterSet.LineTerminators.Contains(_text[at]),
        RegexOperation.WordBoundary => IsBoundary(at),
        RegexOperation.NoWordBoundary => !IsBoundary(at),
        _ => throw new InvalidOperationException($"Unknown operation {assertion}."),
    };

    private bool IsBoundary(int at) =>
        (at > 0 && CharacterSet.WordCharacters.Contains(_text[at - 1]))
        != (at < _text.Length && CharacterSet.WordCharacters.Contains(_text[at]));

    private void Charge(int steps)
    {
        if ((_steps += steps) >= StepsPerCharge)
        {
            _fuel.SpendCharacters(_steps);
            _steps = 0;
        }
    }

    /// <summary>The ways that are open at one place, in the order in which they count, each instruction at most once.</summary>
    private sealed class Ways(RegexProgram program)
    {
        private readonly int[] _addresses = new int[program.Instructions.Length];
        private readonly int[] _starts = new int[program.Instructions.Length];
        private readonly int[] _visited = new int[program.Instructions.Length];
        private readonly int[] _slots = new int[program.Instructions.Length * program.Slots];
        private int _generation = 1;

        public int Count { get; private set; }

        public int this[int index] => _addresses[index];

        public int Start(int index) => _starts[index];

        public ReadOnlySpan<int> Slots(int index) => _slots.AsSpan(index * program.Slots, program.Slots);

        public bool Visit(int address)
        {
            bool first = _visited[address] != _generation;
            _visited[address] = _generation;
            return first;
        }

        public void Add(int address, int start, ReadOnlySpan<int> slots)
        {
            _addresses[Count] = address;
            _starts[Count] = start;
            slots.CopyTo(_slots.AsSpan(Count * program.Slots));
            Count++;
        }

        public void Clear()
        {
            Count = 0;
            _generation++;
        }
    }
}
