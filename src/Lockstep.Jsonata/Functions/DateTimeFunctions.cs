using Lockstep.Json;
using Lockstep.Jsonata.Evaluation;
using Lockstep.Jsonata.Pictures;

namespace Lockstep.Jsonata.Functions;

/// <summary>Times (JSONata, "Date/Time functions"); now is the time of the evaluation's context.</summary>
internal static class DateTimeFunctions
{
    public static IEnumerable<LibraryFunction> All =>
    [
        new("now", "<s?s?:s>", 0, (arguments, run) => Formatted(run.Context.NowMillis, arguments[0], arguments[1], run)),
        new("millis", "<:n>", 0, (_, run) => JsonNumber.Of(run.Context.NowMillis)),
        new("fromMillis", "<n-s?s?:s>", 3, FromMillis),
        new("toMillis", "<s-s?:n>", 2, ToMillis),
    ];

    private static JsonString? FromMillis(object?[] arguments, Evaluator run) => Numbers.Of(arguments[0]) is { } millis
        ? Formatted((long)Math.Clamp(millis, -8.64e15 - 1, 8.64e15 + 1), arguments[1], arguments[2], run)
        : null;

    private static JsonString Formatted(long millis, object? picture, object? timezone, Evaluator run)
    {
        string? pictureText = StringFunctions.Text(picture, run);
        return JsonString.Of(DateTimePicture.Format(millis, pictureText, StringFunctions.Text(timezone, run)));
    }

    private static JsonNumber? ToMillis(object?[] arguments, Evaluator run) =>
        StringFunctions.Text(arguments[0], run) is { } text
        && DateTimePicture.Parse(text, StringFunctions.Text(arguments[1], run), run.Context.NowMillis) is { } millis
            ? JsonNumber.Of(millis)
            : null;
}
