namespace Lockstep.Jsonata.Pictures;

/// <summary>English names of months and days.</summary>
internal static class DateTimeNames
{
    private static readonly string[] Months =
    [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
    ];

    private static readonly string[] Days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

    /// <summary>A name, cut to so many letters.</summary>
    /// <param name="component">M or x for a month, F for a day.</param>
    /// <param name="number">1 for January or Monday.</param>
    public static string Of(DateTimeComponent component, int number)
    {
        string name = (component.Specifier == 'F' ? Days : Months)[number - 1];
        return Cut(name, component.MaximumWidth);
    }

    /// <summary>The number of a name in any case, written in full or cut as the component says; null when there is none.</summary>
    public static int? Find(DateTimeComponent component, string text)
    {
        string[] names = component.Specifier == 'F' ? Days : Months;
        int index = Array.FindIndex(names, name => string.Equals(Cut(name, component.MaximumWidth), text, StringComparison.OrdinalIgnoreCase));
        return index < 0 ? null : index + 1;
    }

    private static string Cut(string name, int? width) => width < name.Length ? name[..width.Value] : name;
}
