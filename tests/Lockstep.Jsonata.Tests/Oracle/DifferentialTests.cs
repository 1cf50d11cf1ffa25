namespace Lockstep.Jsonata.Tests.Oracle;

/// <summary>
/// Generated expressions give what the JSONata package gives: the same value, no value, or a failure with the same code and message (see
/// <see cref="Differential"/> for long runs).
/// </summary>
public sealed class DifferentialTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Generated_expressions_agree_with_the_JSONata_package() => Check(await Differential.RunAsync(600, static choices =>
    {
        var documents = new DocumentGenerator(choices);
        var expressions = new ExpressionGenerator(choices);
        return () => new DifferentialCase(expressions.Next(), documents.Next());
    }));

    [Fact]
    public async Task Generated_pictures_agree_with_the_JSONata_package() => Check(await Differential.RunAsync(600, static choices =>
    {
        var pictures = new PictureGenerator(choices);
        return () => new DifferentialCase(pictures.Next(), "{}");
    }));

    private void Check(Differential run)
    {
        output.WriteLine(run.ToString());
        run.AssertAgreement();
    }
}
