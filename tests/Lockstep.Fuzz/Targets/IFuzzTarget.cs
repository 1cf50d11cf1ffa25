namespace Lockstep.Fuzz.Targets;

/// <summary>A parser, with what it reads. An input is answered when it is accepted or refused; whatever else it throws is a defect.</summary>
public interface IFuzzTarget
{
    /// <summary>Its name on the command line.</summary>
    string Name { get; }

    /// <summary>Whether its inputs are JSON, so that they can be changed as trees.</summary>
    bool IsJson { get; }

    /// <summary>Pieces of its language that are put into inputs.</summary>
    IReadOnlyList<string> Tokens { get; }

    /// <summary>Inputs to begin with: those of the repository, and those of the corpora beside it when they are there.</summary>
    IEnumerable<byte[]> Corpus();

    /// <summary>Gives it an input.</summary>
    /// <returns>True when the input is well formed.</returns>
    bool Run(byte[] input);
}
