namespace Lockstep.Jsonata;

/// <summary>
/// Counts the work of an evaluation, so that it ends without a clock. One unit is one evaluation step, one element produced or visited, or
/// <see cref="CharactersPerUnit"/> characters read or written. Several evaluations may share one. Not safe for use from several threads.
/// </summary>
public sealed class Fuel
{
    /// <summary>Characters that count as much as one step.</summary>
    public const int CharactersPerUnit = 16;

    private long _left;

    /// <summary>Fuel of so many units.</summary>
    public Fuel(long units) => _left = units;

    /// <summary>Units that may still be spent; never negative.</summary>
    public long Left => Math.Max(0, _left);

    /// <summary>Spends units.</summary>
    /// <exception cref="JsonataException"><see cref="JsonataErrorCodes.FuelExhausted"/>: they are not left.</exception>
    public void Spend(long units = 1)
    {
        if ((_left -= units) < 0)
        {
            throw Exhausted();
        }
    }

    /// <summary>Spends what it costs to read or write so many characters, and one unit.</summary>
    /// <exception cref="JsonataException"><see cref="JsonataErrorCodes.FuelExhausted"/>: they are not left.</exception>
    public void SpendCharacters(long count) => Spend(1 + count / CharactersPerUnit);

    private JsonataException Exhausted()
    {
        _left = -1;
        return new JsonataException(JsonataErrorCodes.FuelExhausted, "The expression costs more than it may; it may not end at all.");
    }
}
