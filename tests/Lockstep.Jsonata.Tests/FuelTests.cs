namespace Lockstep.Jsonata.Tests;

public sealed class FuelTests
{
    [Fact]
    public void Fuel_lasts_to_its_last_unit()
    {
        var fuel = new Fuel(3);
        fuel.Spend(2);
        fuel.Spend();
        Assert.Equal(0, fuel.Left);

        var error = Assert.Throws<JsonataException>(() => fuel.Spend());
        Assert.Equal(JsonataErrorCodes.FuelExhausted, error.Code);
        Assert.True(error.IsLimit);
        Assert.Throws<JsonataException>(() => fuel.Spend(0));
    }

    [Fact]
    public void Characters_cost_a_part_of_a_unit()
    {
        var fuel = new Fuel(10);
        fuel.SpendCharacters(2 * Fuel.CharactersPerUnit);
        Assert.Equal(7, fuel.Left);
    }
}
