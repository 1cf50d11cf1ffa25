using Lockstep.Json;
using Lockstep.Jsonata.Functions;

namespace Lockstep.Jsonata.Evaluation.Operators;

/// <summary>A chain of <c>&amp;</c>: the texts of its parts one after another; nothing at all has no text.</summary>
internal sealed class ConcatenationNode(Node[] parts) : Node
{
    public override object? Evaluate(object? input, Frame frame, Evaluator run)
    {
        run.Fuel.Spend(parts.Length);
        string[] texts = new string[parts.Length];
        long length = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            texts[i] = parts[i].Evaluate(input, frame, run) switch
            {
                null => "",
                JsonString text => text.Value,
                { } other => TextForm.Of(other, run),
            };
            length += texts[i].Length;
        }

        run.SpendCharacters(length);
        return JsonString.Of(string.Concat(texts));
    }
}
